#!/usr/bin/env bash
# pg.sh: a throwaway PostgreSQL for tests, on a spare port of 127.0.0.1, with its socket and data in a folder of its own.
#
#   pg.sh run COMMAND...   start one, run the command with ANLAN_TEST_POSTGRES set, stop it
#   pg.sh start [DIR]      start one in DIR and print its address
#   pg.sh stop [DIR]       stop it and remove DIR
#
# It keeps nothing: no fsync, no password. PostgreSQL refuses to run as root, so root runs it as the user postgres.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

# bindir prints the folder of the newest PostgreSQL server on this machine.
bindir() {
	local dir
	dir=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
	if [ -n "$dir" ] && [ -x "$dir/initdb" ]; then
		printf '%s' "$dir"
	elif have initdb && have pg_ctl; then
		dirname "$(command -v initdb)"
	else
		die "PostgreSQL is not installed: apt-get install postgresql-15"
	fi
}

as_server() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	elif have runuser; then
		(cd / && runuser -u postgres -- "$@")
	else
		(cd / && su postgres -s /bin/sh -c 'exec "$0" "$@"' -- "$@")
	fi
}

spare_port() {
	local port
	for _ in {1..50}; do
		port=$((20000 + RANDOM % 12000)) # below the ports that the kernel hands out to clients
		if ! port_taken "$port"; then
			printf '%s' "$port"
			return
		fi
	done
	die "no spare port found between 20000 and 32000"
}

start() {
	local dir=$1 bin port
	bin=$(bindir)
	if [ -f "$dir/data/postmaster.pid" ]; then
		die "a PostgreSQL already runs in $dir: stop it with scripts/pg.sh stop $dir"
	fi
	mkdir -p "$dir"
	if [ "$(id -u)" -eq 0 ]; then
		id postgres >/dev/null 2>&1 || die "there is no user postgres to run PostgreSQL as: apt-get install postgresql-15 makes it"
		chown postgres "$dir"
	fi
	as_server "$bin/initdb" -D "$dir/data" -U anlan -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 ||
		{ tail -n 20 "$dir/initdb.log" >&2; die "initdb: failed, the lines above say why"; }
	for _ in {1..5}; do
		port=$(spare_port)
		if as_server "$bin/pg_ctl" -D "$dir/data" -w -t 30 -l "$dir/data/server.log" -o "-p $port -k $dir -c listen_addresses=127.0.0.1 \
			-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c max_wal_size=2GB" start >/dev/null 2>&1; then
			printf 'postgres://anlan@127.0.0.1:%s/postgres?sslmode=disable\n' "$port"
			return
		fi
	done
	tail -n 20 "$dir/data/server.log" >&2 || true
	die "PostgreSQL did not start, the lines above say why"
}

stop() {
	local dir=$1
	if [ -f "$dir/data/postmaster.pid" ]; then
		as_server "$(bindir)/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
	fi
	# Only a folder that start made is removed.
	if [ -f "$dir/initdb.log" ]; then
		rm -rf "$dir"
	fi
}

default=${TMPDIR:-/tmp}/anlan-pg-$(id -u)
case ${1:-} in
start) start "${2:-$default}" ;;
stop) stop "${2:-$default}" ;;
run)
	shift
	[ $# -gt 0 ] || die "pg.sh run needs a command"
	dir=$(mktemp -d "${TMPDIR:-/tmp}/anlan-pg.XXXXXX")
	trap 'stop "$dir"' EXIT
	ANLAN_TEST_POSTGRES=$(start "$dir")
	export ANLAN_TEST_POSTGRES
	"$@"
	;;
*) die "usage: scripts/pg.sh run COMMAND... | start [DIR] | stop [DIR]" ;;
esac
