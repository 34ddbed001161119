#!/usr/bin/env bash
# release.sh: static binaries with the user interface inside, for linux/amd64 and linux/arm64, with checksums, in dist/release.
# The same commit gives the same bytes with the same Go and Node. VERSION overrides the name taken from git.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

out=dist/release
need_go
scripts/build.sh ui
rm -rf "$out"
mkdir -p "$out"
for arch in amd64 arm64; do
	say "building $out/anlan-$(version)-linux-$arch"
	GOOS=linux GOARCH=$arch quiet "go build for linux/$arch" go_build "$out/anlan-$(version)-linux-$arch"
done

# licences prints the licence text of every Go module and npm package that is inside the binaries.
licences() {
	local path version dir
	go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' ./cmd/anlan | LC_ALL=C sort -u |
		while read -r path version dir; do
			printf '\n==== %s %s ====\n\n' "$path" "$version"
			find "$dir" -maxdepth 1 -type f -iname 'licen[sc]e*' | LC_ALL=C sort | while read -r file; do cat "$file"; done
		done
	npm --prefix ui ls --omit=dev --all --parseable 2>/dev/null | LC_ALL=C sort -u | grep /node_modules/ |
		while read -r dir; do
			printf '\n==== %s (npm) ====\n\n' "${dir##*/node_modules/}"
			find "$dir" -maxdepth 1 -type f -iname 'licen[sc]e*' | LC_ALL=C sort | while read -r file; do cat "$file"; done
		done
}

cp LICENSE NOTICE "$out/"
licences >"$out/THIRD-PARTY-LICENSES.txt"
(cd "$out" && LC_ALL=C sha256sum -- * >SHA256SUMS && cat SHA256SUMS)
