#!/usr/bin/env bash
# Builds the image, starts docker-compose.yml from clean with fresh secrets, runs the smoke test through the proxy, and takes all down again.
# COMPOSE_ENGINE may name a program that prepares a machine without a container engine; it is called with this checkout's folder.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*"; }

if ! docker info >/dev/null 2>&1; then
  [[ -n ${COMPOSE_ENGINE:-} ]] || { say "test-compose: no container engine is running: install docker.io and docker-compose, or set COMPOSE_ENGINE" >&2; exit 2; }
fi
[[ -z ${COMPOSE_ENGINE:-} ]] || "$COMPOSE_ENGINE" "$PWD"
compose=(docker-compose)
command -v docker-compose >/dev/null || compose=(docker compose)

folder=$(mktemp -d)
export STAYPLAY_IMAGE=stayplay:test COMPOSE_PROJECT_NAME=stayplay-test SITE_ADDRESS=localhost HTTP_PORT=${HTTP_PORT:-18080} HTTPS_PORT=${HTTPS_PORT:-18443}
secrets=$folder/secrets.env
down() {
  status=$?
  if ((status)); then "${compose[@]}" --env-file "$secrets" logs --no-color --tail 25 >"$PWD/build/compose.log" 2>&1 || true; say "logs: build/compose.log"; fi
  "${compose[@]}" --env-file "$secrets" down --volumes --remove-orphans >/dev/null 2>&1 || true
  rm -rf "$folder"
  exit $status
}
mkdir -p build

say "Building the image"
docker build --quiet --file deploy/Dockerfile --tag "$STAYPLAY_IMAGE" . >build/image.log 2>&1 || { cat build/image.log; exit 1; }
docker run --rm "$STAYPLAY_IMAGE" keys >"$secrets"
trap down EXIT

say "Starting the platform"
"${compose[@]}" --env-file "$secrets" down --volumes --remove-orphans >/dev/null 2>&1 || true
started=$SECONDS
"${compose[@]}" --env-file "$secrets" up --detach --no-build >"$folder/up.log" 2>&1 || { tail -20 "$folder/up.log"; exit 1; }
proxy=$("${compose[@]}" --env-file "$secrets" ps -q proxy)
for _ in $(seq 60); do
  docker cp "$proxy:/data/caddy/pki/authorities/local/root.crt" "$folder/root.crt" >/dev/null 2>&1 && break
  sleep 1
done
for _ in $(seq 60); do
  .venv/bin/python -c 'import sys, httpx; httpx.get(sys.argv[1], verify=sys.argv[2])' "https://localhost:$HTTPS_PORT/sign-in" "$folder/root.crt" 2>/dev/null && break
  sleep 1
done
say "Up after $((SECONDS - started)) s"

OPERATOR_TOKEN=$(sed -n 's/^OPERATOR_TOKEN=//p' "$secrets") \
  .venv/bin/stayplay smoke --url "https://localhost:$HTTPS_PORT" --ca-file "$folder/root.crt"
