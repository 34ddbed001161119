#!/usr/bin/env bash
# generate.sh: writes the OpenAPI document from the Go handlers, and the user interface's types from that document.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_go
need_node
ui_install
quiet "go build" go_build bin/anlan
tmp=$(mktemp)
trap 'rm -f "$tmp"' EXIT
bin/anlan openapi >"$tmp" || die "bin/anlan openapi: failed, the lines above say why"
cat "$tmp" >ui/src/api/openapi.json # keeps the file's mode; a failed command above leaves the old document
quiet "npm run generate" npm --prefix ui run --silent generate
