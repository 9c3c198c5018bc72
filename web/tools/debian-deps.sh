#!/bin/sh
# Lays Debian's packages out as `npm install` would, so that every tool resolves them without settings of its own. They come from
#   apt-get install --no-install-recommends nodejs esbuild node-typescript node-react node-react-dom node-csstype node-prop-types node-marked
set -eu
cd "$(dirname "$0")/.."
rm -rf node_modules
mkdir -p node_modules/@types
for module in react react-dom scheduler csstype marked @types/react @types/react-dom @types/scheduler @types/prop-types; do
  cp -RL "/usr/share/nodejs/$module" "node_modules/$module"
done
