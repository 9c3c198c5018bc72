.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test check bench bench-web soak build web setup format clean

HOST ?= 127.0.0.1
PORT ?= 8080
DATA ?= data

# Tests and server come from one build configuration, so that nothing is compiled twice.
BUILD := swift build --configuration release --explicit-target-dependency-import-check error
SWIFT_FOLDERS := Package.swift Sources Tests Benchmarks
WEB_SOURCES := $(shell find web -type f -not -path 'web/dist/*' -not -path 'web/node_modules/*' -not -path 'web/.unit/*')

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | tr '|' '\t' | expand -t 16

run: build web ## set up, build and serve a demo project on http://127.0.0.1:8080 (HOST, PORT, DATA)
	exec .build/release/vernier demo --data $(DATA) --host $(HOST) --port $(PORT)

test: ## set up, build and run every test; the last line counts them
	@tools/setup.sh test
	@python3 tools/test.py all

check: ## the quick loop: format, layers, types, unit tests on SQLite
	@tools/setup.sh test
	@python3 tools/test.py quick

bench: build ## measure, beside the limits of this machine; about ten minutes
	@tools/setup.sh bench
	$(BUILD) --product Benchmarks
	.build/release/Benchmarks
	python3 Benchmarks/server/measure.py

bench-web: build web ## measure the editor in Chromium beside its goals; about six minutes
	@tools/setup.sh bench-web
	.venv-test/bin/python Benchmarks/web/measure.py

soak: build web ## repeat the tests of faults and of the contract for about an hour
	@tools/setup.sh test
	@VERNIER_SOAK=1 python3 tools/test.py soak

build: setup ## build the program: .build/release/vernier
	$(BUILD) --product vernier

web: setup web/dist/index.html ## build the web pages: web/dist

web/dist/index.html: $(WEB_SOURCES)
	sh web/tools/build.sh

setup:
	@tools/setup.sh run

format: ## format the Swift sources in place
	swift format --in-place --parallel --recursive $(SWIFT_FOLDERS)

clean: ## remove what was built, but neither data nor tools
	rm -rf .build web/dist web/.unit
