#!/usr/bin/env bash
# Prints the folder that holds node and npm: the machine's own (20 or newer), else one put into .tools/ from requirements/node.txt.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=.tools/node

own() {
  command -v npm >/dev/null 2>&1 && node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null
}

if own; then dirname "$(command -v node)"; exit 0; fi
if ! "$tools/bin/node" --version >/dev/null 2>&1; then
  uv=$(deploy/machine/uv.sh)
  rm -rf "$tools"
  "$uv" venv --quiet --python "$(deploy/machine/python.sh)" "$tools" >&2
  "$uv" pip install --quiet --python "$tools/bin/python" --require-hashes -r requirements/node.txt >&2
fi
echo "$PWD/$tools/bin"
