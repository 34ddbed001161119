#!/usr/bin/env bash
# build.sh [ui|go]: builds the user interface into ui/dist and the program, with it inside, into bin/anlan.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

what=${1:-all}
case $what in
all | ui | go) ;;
*) die "build.sh builds ui, go or all, not $what" ;;
esac

need_go
if [ "$what" != go ]; then
	need_node
	ui_install
	say "building the user interface"
	quiet "user interface" ui_build
fi
if [ "$what" != ui ]; then
	say "building bin/anlan $(version)"
	quiet "go build" go_build bin/anlan
fi
