#!/usr/bin/env bash
# test.sh [go|ui|e2e]: installs what the tests need where it may, and runs everything, or one part of it.
#
# Each stage writes a log and one line; a stage that fails shows its last 80 lines at the end. The last line of all counts:
# every Go test and subtest, every vitest test, every end-to-end test, and each check as one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

part=${1:-all}
case $part in
all | go | ui | e2e) ;;
*) die "test.sh runs go, ui or e2e, or all of them, not $part" ;;
esac

# roomy_memory prints a folder of its own in memory where that has 6 GB free and runs programs: the stores of the tests confirm
# every commit with the disk, and no test asks what a disk keeps when the power fails.
roomy_memory() {
	local dir free
	free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	[ "${free:-0}" -ge 6000000 ] && [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -ge 8000000 ] || return 1
	dir=$(mktemp -d /dev/shm/anlan-test.XXXXXX) || return 1
	printf '#!/bin/sh\n' >"$dir/try" && chmod 755 "$dir" "$dir/try" && "$dir/try" 2>/dev/null && rm "$dir/try" || { rm -rf "$dir"; return 1; }
	printf '%s' "$dir"
}

export NO_COLOR=1 # the logs are read as text
logs=$(mktemp -d "${TMPDIR:-/tmp}/anlan-test.XXXXXX")
pg=
lane=
memory=
began=$SECONDS

finish() {
	local code=$?
	if [ -n "$lane" ]; then
		kill "$lane" 2>/dev/null || true
		wait "$lane" 2>/dev/null || true
	fi
	if [ -n "$pg" ]; then
		scripts/pg.sh stop "$pg" || true
		rm -rf "$pg"
	fi
	[ -z "$memory" ] || rm -rf "$memory"
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

heading() { printf '\n── %s\n' "$*"; }

wants() { [ "$part" = all ] || [ "$part" = "$1" ]; }

# skip says aloud that a stage has nothing to run on.
skip() {
	printf 'SKIPPED %-22s %s\n' "$1" "$2"
	printf '%s: %s\n' "$1" "$2" >>"$logs/skipped"
}

# stage NAME COUNT COMMAND... runs a command; COUNT is a function that prints "passed failed" from its log and exit status.
stage() {
	local name=$1 count=$2 start=$SECONDS code=0 passed failed log
	shift 2
	log=$logs/${name// /-}.log
	("$@") >"$log" 2>&1 || code=$?
	read -r passed failed < <("$count" "$log" "$code")
	if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
		failed=1
	fi
	printf '%s %s %s %s\n' "$passed" "$failed" "$log" "$name" >>"$logs/results"
	if [ "$failed" -eq 0 ]; then
		printf 'ok      %-22s %5d s  %s passed\n' "$name" $((SECONDS - start)) "$passed"
	else
		printf 'FAILED  %-22s %5d s  %s passed, %s failed\n' "$name" $((SECONDS - start)) "$passed" "$failed"
	fi
}

one() { if [ "$2" -eq 0 ]; then say 1 0; else say 0 1; fi; }

count_go() {
	local passed failed
	passed=$(grep -cE -- '--- PASS: ' "$1" || true)
	failed=$(grep -cE -- '--- FAIL: |^FAIL.*\[(build|setup) failed\]' "$1" || true)
	say "$passed" "$failed"
}

count_vitest() {
	# The report, not the words on the screen; a run that died before writing it is one failure.
	node -e '
		const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))
		const broken = r.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length
		console.log(r.numPassedTests, r.numFailedTests + broken)' "$logs/vitest.json" 2>/dev/null || say 0 1
}

count_e2e() {
	local line
	line=$(grep -oE '[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1 || true)
	if [ -n "$line" ]; then
		printf '%s\n' "$line" | tr -dc '0-9 \n' | tr -s ' '
	else
		one "$1" "$2"
	fi
}

# ── what the machine must have

missing=()
office=()
lacks_postgres() { ! have initdb && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
lacks_fonts() { ! compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null && { ! have fc-list || [ -z "$(fc-list :lang=zh 2>/dev/null)" ]; }; }
browser() { type -P "${CHROMIUM:-chromium}" || type -P chromium-browser || type -P google-chrome; }

# lacks_font looks for a stand-in that internal/gb9704/testdata/fonts.conf names.
lacks_font() { ! have fc-list || [ -z "$(fc-list "$1" 2>/dev/null)" ]; }

find_missing() {
	missing=()
	office=()
	if wants go; then
		have cc || have gcc || missing+=(gcc libc6-dev)
		! lacks_postgres || missing+=(postgresql-15)
		# Without these the tests that look at the pages of documents say that they skip.
		have soffice || office+=(libreoffice-writer-nogui)
		have pdftotext || office+=(poppler-utils)
		have fc-list || office+=(fontconfig)
		! lacks_font "AR PL UMing CN" || office+=(fonts-arphic-uming)
		! lacks_font "AR PL UKai CN" || office+=(fonts-arphic-ukai)
		! lacks_font "Noto Serif CJK SC" || office+=(fonts-noto-cjk)
	fi
	if wants e2e; then
		browser >/dev/null || missing+=(chromium)
		! lacks_fonts || missing+=(fonts-noto-cjk)
	fi
}

# install_missing uses the package lists as they are, and renews them only where that does not do.
install_missing() {
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y --no-install-recommends "$@" || { apt-get update && apt-get install -y --no-install-recommends "$@"; }
}

# prepare checks what is there before it fetches anything, so that what is missing is known at once.
prepare() {
	need_go
	if wants ui || wants e2e || [ -f ui/src/api/openapi.json ]; then
		need_node
	fi
	find_missing
	if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] && [ -f /etc/debian_version ]; then
		say "installing ${missing[*]}"
		quiet "apt-get install ${missing[*]}" install_missing "${missing[@]}"
		find_missing
	fi
	if [ ${#office[@]} -gt 0 ]; then
		if [ "$(id -u)" -eq 0 ] && [ -f /etc/debian_version ]; then
			say "installing ${office[*]}"
			(quiet "apt-get install ${office[*]}" install_missing "${office[@]}") || say "without ${office[*]}: nobody will look at the pages of documents"
		else
			say "without ${office[*]}: nobody will look at the pages of documents"
		fi
	fi
	[ ${#missing[@]} -eq 0 ] || die "missing for the tests: ${missing[*]}. Install them (Debian: sudo apt-get install ${missing[*]}) and run again"
	quiet "go mod download" go mod download
	if have npm && [ -f ui/package.json ]; then
		ui_install
	fi
}

# ── the stages

go_files() { find . -name '*.go' -not -path './ui/node_modules/*' -print0; }

gofumpt_clean() {
	local list
	list=$(go_files | xargs -0 go tool gofumpt -l)
	[ -z "$list" ] || { printf 'not formatted, run make fmt:\n%s\n' "$list"; return 1; }
}

# vet_32 looks at the rooms that compute with the eyes of a 32-bit machine, where int is too short for a figure.
vet_32() {
	local rooms=()
	for dir in fault hydrotime quantity definition workbook hydro sl651 szy206 hj212 cap sl323 gb9704 formula programme/judge programme/pack programme/table; do
		[ ! -d "internal/$dir" ] || rooms+=("./internal/$dir/...")
	done
	GOARCH=386 CGO_ENABLED=0 go vet "${rooms[@]}"
}

# generated_unchanged writes the generated files again and compares; a difference stays in the tree to be looked at.
generated_unchanged() {
	local before
	before=$(mktemp -d)
	cp ui/src/api/openapi.json ui/src/api/schema.d.ts "$before/"
	scripts/generate.sh
	for file in openapi.json schema.d.ts; do
		diff -u "$before/$file" "ui/src/api/$file" || { say "ui/src/api/$file was out of date: it is renewed now, commit it"; return 1; }
	done
	rm -rf "$before"
}

# The detector watches this house's code. The database engine inside is C made into Go: watched, it takes more than half of all the time.
# What is built stays on the disk. One package more than there are cores, since those that wait for outages leave theirs idle.
go_tests() {
	local disk=${TMPDIR:-/tmp}
	ANLAN_TEST_POSTGRES=$address GOTMPDIR=$disk TMPDIR=${memory:-$disk} go test -v -race -gcflags='modernc.org/sqlite/...=-race=false' -shuffle=on -timeout 12m -p $(($(nproc) + 1)) ./...
}

vitest() { npm --prefix ui test --silent -- --reporter=default --reporter=json --outputFile="$logs/vitest.json"; }

# The bound is there for a browser that hangs: the stories take some six minutes on two cores.
e2e() { ANLAN_BIN=$root/bin/anlan CHROMIUM=$(browser) timeout -k 10 900 npm --prefix ui run --silent e2e; }

# ui_stages need no Go and run beside the static Go checks, which leave a core idle half the time.
ui_stages() {
	if [ ! -f ui/package.json ] || [ ! -d ui/src ]; then
		skip "user interface" "there is no ui/src yet"
		return
	fi
	stage "vue-tsc" one npm --prefix ui run --silent check
	if find ui/src -name '*.test.ts' | grep -q .; then
		stage "vitest" count_vitest vitest
	else
		skip "vitest" "there is no ui/src/**/*.test.ts yet"
	fi
}

go_checks() {
	stage "gofumpt" one gofumpt_clean
	stage "go vet" one go vet ./...
	stage "go vet 32-bit" one vet_32
	stage "staticcheck" one go tool staticcheck ./...
}

heading "prepare"
prepare
say "logs in $logs"

if [ -f ui/src/api/openapi.json ] && [ -f cmd/anlan/main.go ] && [ "$part" != e2e ]; then
	heading "generated files"
	stage "generated files" one generated_unchanged
else
	[ "$part" = e2e ] || skip "generated files" "there is no ui/src/api/openapi.json or cmd/anlan yet"
fi

[ "$part" = e2e ] || heading "checks and unit tests"
if wants ui; then
	ui_stages &
	lane=$!
fi
if wants go; then
	go_checks
fi
if [ -n "$lane" ]; then
	wait "$lane"
	lane=
fi

if wants go; then
	heading "go tests, on SQLite and PostgreSQL"
	memory=$(roomy_memory) || memory=
	pg=$(mktemp -d "${memory:-${TMPDIR:-/tmp}}/anlan-pg.XXXXXX")
	address=$(scripts/pg.sh start "$pg")
	stage "go test" count_go go_tests
	grep -hE -A 2 -- '--- SKIP: ' "$logs/go-test.log" | grep -vE -- '^--$|=== |--- PASS' | sed 's/^ *//' >"$logs/go-skipped" || true
	if grep -q -- '--- SKIP: ' "$logs/go-skipped"; then
		skip "some go tests" "$(grep -c -- '--- SKIP: ' "$logs/go-skipped") say why in $logs/go-skipped"
	fi
fi

if wants e2e || wants ui; then
	heading "the program"
	if [ -f cmd/anlan/main.go ] && [ -f ui/src/main.ts ]; then
		stage "build" one scripts/build.sh all
		if ! wants e2e; then
			:
		elif [ -f ui/e2e/run.mjs ]; then
			stage "end to end" count_e2e e2e
		else
			skip "end to end" "there is no ui/e2e/run.mjs yet"
		fi
	else
		skip "build, end to end" "there is no cmd/anlan/main.go or ui/src/main.ts yet"
	fi
fi

# ── what came of it

passed=0 failed=0
while read -r p f log name; do
	passed=$((passed + p)) failed=$((failed + f))
	if [ "$f" -gt 0 ]; then
		heading "$name failed; the end of $log"
		if [ "$name" = "go test" ]; then
			# What passed is left out, so that the 80 lines are about what did not.
			grep -vE -- '^=== (RUN|PAUSE|CONT|NAME)|--- (PASS|SKIP): |^(ok|\?|PASS|-test.shuffle)' "$log" | tail -n 80 || true
		else
			tail -n 80 "$log"
		fi
	fi
done <"$logs/results"

heading "result after $((SECONDS - began)) s"
if [ -f "$logs/skipped" ]; then
	say "not run:"
	sed 's/^/  /' "$logs/skipped"
fi
if [ "$failed" -eq 0 ]; then
	[ -s "$logs/go-skipped" ] || rm -rf "$logs"
fi
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
