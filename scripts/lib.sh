# What the scripts share: where the repository is, how to speak, and checks that name their remedy. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
cd "$root"

say() { printf '%s\n' "$*"; }

# die says what is wrong and what to do about it, in one line, and ends the script.
die() {
	printf 'anlan: %s\n' "$*" >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least HAVE WANT compares dotted version numbers.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_go() {
	have go || die "Go is not installed: get Go 1.26 or newer from https://go.dev/dl/ and put its bin folder on PATH"
	local found
	# Asked inside the module, an older go fetches the version go.mod names where it may, and says so where it may not.
	if ! found=$(go env GOVERSION 2>/dev/null) || ! at_least "${found#go}" 1.26; then
		die "Go 1.26 or newer is needed, found $(cd / && go env GOVERSION 2>/dev/null || echo none): get it from https://go.dev/dl/"
	fi
}

need_node() {
	have node || die "Node is not installed: get Node 20.19 or newer from https://nodejs.org/ (Debian 13: apt-get install nodejs npm)"
	have npm || die "npm is not installed: it comes with Node from https://nodejs.org/ (Debian: apt-get install npm)"
	local found
	found=$(node --version)
	at_least "${found#v}" 20.19 || die "Node 20.19 or newer is needed, found $found: get it from https://nodejs.org/"
}

# port_taken PORT reports whether something answers on this machine's port.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

need_port() {
	[[ $1 =~ ^[0-9]+$ ]] && [ "$1" -ge 1 ] && [ "$1" -le 65535 ] || die "PORT=$1 is not a port: give a number from 1 to 65535"
	! port_taken "$1" || die "port $1 is taken by another program: stop it, or choose another port with PORT=$((($1 + 10) % 65536)) make run"
}

# quiet WHAT COMMAND... runs a command with its output put aside, and shows the end of it where the command fails.
quiet() {
	local what=$1 log
	shift
	log=$(mktemp)
	if "$@" >"$log" 2>&1; then
		rm -f "$log"
		return
	fi
	tail -n 40 "$log" >&2
	if grep -qiE 'no such host|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|connection refused|i/o timeout|network is unreachable|proxyconnect|dial tcp|could not resolve' "$log"; then
		rm -f "$log"
		die "$what: the network is not reachable: connect it, or set HTTPS_PROXY, GOPROXY or npm_config_registry to a mirror"
	fi
	rm -f "$log"
	die "$what: failed, the lines above say why"
}

# ui_install brings ui/node_modules to what the lock file says, and does nothing where it already is.
ui_install() {
	local stamp=ui/node_modules/.anlan-lock want
	want=$(cat ui/package-lock.json ui/package.json | sha256sum | cut -d' ' -f1)-$(node --version)
	if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
		return
	fi
	# npm ci empties the folder first, and a link would lead it into somebody else's.
	[ ! -L ui/node_modules ] || die "ui/node_modules is a link to packages of another checkout, and they are not those of ui/package-lock.json: remove the link and run again"
	say "installing the packages of the user interface (npm ci)"
	quiet "npm ci" npm --prefix ui ci --no-audit --no-fund --no-update-notifier
	printf '%s' "$want" >"$stamp"
}

# ui_build builds ui/dist afresh; the stub page that go build needs stays.
ui_build() {
	find ui/dist -mindepth 1 -maxdepth 1 ! -name stub.html -exec rm -rf {} +
	npm --prefix ui run --silent build
}

# version names what is built: VERSION where given, else the nearest tag and commit.
version() {
	if [ -n "${VERSION:-}" ]; then
		printf '%s' "$VERSION"
	else
		git describe --tags --always --dirty 2>/dev/null || printf dev
	fi
}

# go_build OUTPUT builds the program for the machine that GOOS and GOARCH name: static, and the same bytes from the same sources.
go_build() {
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X main.version=$(version)" -o "$1" ./cmd/anlan
}
