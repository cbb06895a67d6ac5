#!/bin/sh
# Builds gateway/static/ with the node of the machine or image; `npm ci` has run.
set -eu
cd "$(dirname "$0")/.."
exec node gateway/assets/build.mjs
