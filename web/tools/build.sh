#!/bin/sh
# Checks types and layers, then writes web/dist. SKIP_TYPES=1 leaves the type check out.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"
case "$(tsc --version)" in *" 4."*) config=tsconfig.ts48.json ;; *) config=tsconfig.json ;; esac
node tools/layers.mjs src
[ -n "${SKIP_TYPES:-}" ] || tsc -p "$config"
rm -rf dist
esbuild src/main.tsx --bundle --format=esm --splitting --outdir=dist --chunk-names='c/[name]-[hash]' \
  --tsconfig=tsconfig.base.json --target=es2021 --define:process.env.NODE_ENV='"production"' \
  --minify --sourcemap --legal-comments=linked --metafile=dist/meta.json --log-level=warning
cp src/index.html dist/
