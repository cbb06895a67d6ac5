#!/usr/bin/env bash
# Prints the path of uv: the machine's own, else one put into .tools/ from the lock in requirements/uv.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
lock=requirements/uv.txt
tools=.tools/uv

own() { command -v uv 2>/dev/null && uv --version >/dev/null 2>&1; }

fetch() { # into $tools by whichever of pip and venv this Python has
  local python=$1
  if "$python" -m venv "$tools" >/dev/null 2>&1; then
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
  elif "$python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$tools"
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --target "$tools" -r "$lock" >&2
  else
    return 1
  fi
}

with_apt() { # Debian leaves venv out of python3
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
  echo "Installing Debian's python3-venv" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv; } >/dev/null 2>&1
}

if own; then exit 0; fi
if ! "$tools/bin/uv" --version >/dev/null 2>&1; then
  python=$(deploy/machine/python.sh)
  rm -rf "$tools"
  mkdir -p .tools
  fetch "$python" || { with_apt && fetch "$python"; } || {
    rm -rf "$tools"
    echo "This Python has neither pip nor venv: install them (Debian, Ubuntu: apt-get install python3-venv) and run make again" >&2
    exit 1
  }
fi
echo "$PWD/$tools/bin/uv"
