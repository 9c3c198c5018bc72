#!/bin/sh
# Runs the unit tests (src/**/*_test.ts) on Node, and the check that the layer check itself bites.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
rm -rf .unit
# Node 18, which Debian 12 has, does not offer the browsers' crypto by itself.
crypto='import { webcrypto } from "node:crypto"; globalThis.crypto ??= webcrypto;'
# shellcheck disable=SC2046
esbuild $(find src -name '*_test.ts' | sort) --bundle --platform=node --format=esm --target=node18 \
  --tsconfig=tsconfig.base.json --outdir=.unit --outbase=src --out-extension:.js=.mjs --log-level=warning --banner:js="$crypto"
node --test .unit
node tools/layers.mjs src
node tools/layers_test.mjs
