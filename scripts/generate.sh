#!/usr/bin/env bash
# generate.sh: writes the OpenAPI document from the Go handlers, and the user interface's types from that document.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

need_go
need_node
ui_install
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
# Built under one name, so that the document does not change with each commit.
VERSION=dev quiet "go build" go_build "$tmp/anlan"
"$tmp/anlan" openapi >"$tmp/openapi.json" || die "anlan openapi: failed, the lines above say why"
# One value a line, so that a change of the API can be read in the diff.
node -e 'const f = require("fs"); f.writeFileSync(process.argv[2], JSON.stringify(JSON.parse(f.readFileSync(process.argv[1], "utf8")), null, 1) + "\n")' \
	"$tmp/openapi.json" ui/src/api/openapi.json
quiet "npm run generate" npm --prefix ui run --silent generate
