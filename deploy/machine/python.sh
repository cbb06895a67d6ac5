#!/usr/bin/env bash
# Prints a Python that this project runs on; one line on standard error, and exit 1, when the machine has none.
set -euo pipefail
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
  if "$candidate" -c "$supported" 2>/dev/null; then
    "$candidate" -c 'import sys; print(sys.executable)'
    exit 0
  fi
done
echo "Stay & Play needs Python 3.11, 3.12 or 3.13: install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12" >&2
exit 1
