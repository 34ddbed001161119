# The house's commands; what each does is in scripts/.

.DEFAULT_GOAL := help
.PHONY: run test build ui release generate fmt clean help

run: ## build everything and start the demo city on http://127.0.0.1:8080 (PORT=... for another)
	@scripts/run.sh

test: ## run every check and test; parts: scripts/test.sh go, ui or e2e
	@scripts/test.sh

build: ## build bin/anlan with the user interface inside
	@scripts/build.sh all

ui: ## build the user interface into ui/dist
	@scripts/build.sh ui

release: ## static binaries for linux/amd64 and linux/arm64 with checksums, in dist/release
	@scripts/release.sh

generate: ## renew the OpenAPI document and the user interface's types from it
	@scripts/generate.sh

fmt: ## format the Go sources
	@find . -name '*.go' -not -path './ui/node_modules/*' -print0 | xargs -0 go tool gofumpt -w

clean: ## remove what was built; packages and data stay
	@rm -rf bin dist coverage && find ui/dist -mindepth 1 -maxdepth 1 ! -name stub.html -exec rm -rf {} +

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
