#!/usr/bin/env bash
# run.sh: builds everything and starts the demo city on 127.0.0.1, PORT or 8080. Arguments go to `anlan demo`.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

port=${PORT:-8080}
need_go
need_node
need_port "$port"
scripts/build.sh all
need_port "$port" # building takes a while
exec bin/anlan demo --listen "127.0.0.1:$port" "$@"
