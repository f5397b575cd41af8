# Because · 缘由 — everything a person types is here.
#
#   make demo       set up, build, open a store with explained recommendations
#   make test       set up, check, test (what CI runs; about 20 minutes on two cores)
#   make test-full  the same with every rig at full length
#   make bench      speed and memory, with the machine it ran on
#   make eval-peers  compare with the peers' released texts on public sets (PEERS_SETS), write the table and an HTML report; -full from nothing
#   make transfer   what a generator does in a domain that its training left out, and after 300 examples (goes on where it was stopped)
#   make proof      what the adversarial phase brings: systems, seeds, temperatures (two hours at most; goes on where it was stopped)
#   make build-xla  a binary that can train on XLA besides (cgo); sh scripts/setup-xla.sh installs what it loads
#   make lint build offline

export GOTOOLCHAIN ?= go1.27.3
export GOEXPERIMENT ?= simd

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
WEB     := internal/serve/web

PEERS_SETS  ?= $(or $(BECAUSE_TESTDATA),../shared/data)
PEERS_OUT   ?= dist/peers
PEERS_CACHE ?= dist/peers-cache

.PHONY: proof transfer eval-peers eval-peers-full demo build build-xla test test-full bench lint offline clean assets browser fonts

demo: build
	./bin/because demo $(DEMO)

build: assets
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/because ./cmd/because

build-xla: assets
	CGO_ENABLED=1 go build -tags xla -trimpath -ldflags '$(LDFLAGS)' -o bin/because-xla ./cmd/because

# The pages' scripts: taken by lock file, bundled once, embedded in the binary. Pages work without them.
assets: $(WEB)/dist/htmx.js

$(WEB)/dist/htmx.js: $(WEB)/package-lock.json $(WEB)/build.mjs
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error && node build.mjs

# The linter is pinned in a module of its own, so that its dependencies are not the product's.
lint: bin/staticcheck
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	go vet ./...
	./bin/staticcheck ./...

bin/staticcheck: tools/go.mod tools/go.sum
	go build -C tools -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck

test: assets
	sh scripts/setup-test.sh
	$(MAKE) --no-print-directory lint
	sh scripts/test.sh short

test-full: assets
	sh scripts/setup-test.sh
	$(MAKE) --no-print-directory lint
	sh scripts/test.sh full

bench: build
	sh scripts/bench.sh

eval-peers: build
	./bin/because eval peers --lang en --sets $(PEERS_SETS) --out $(PEERS_OUT) --cache $(PEERS_CACHE) --docs docs/experiments.md,docs/experiments.en.md

# The world and what is trained on it stay in dist/proof until they are removed.
proof: build
	sh scripts/proof.sh

transfer: build
	sh scripts/transfer.sh

eval-peers-full:
	rm -rf $(PEERS_CACHE)
	$(MAKE) --no-print-directory eval-peers

offline: assets
	sh scripts/offline.sh

clean:
	rm -rf bin dist $(WEB)/node_modules
	find $(WEB)/dist -type f ! -name .keep -delete
