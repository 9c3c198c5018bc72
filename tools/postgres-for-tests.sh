#!/bin/sh
# Starts and stops a throw-away PostgreSQL cluster for tests.
#
#   tools/postgres-for-tests.sh start [--durable]   prints the cluster's URL
#   tools/postgres-for-tests.sh stop URL            stops that cluster and removes its files
#
# PostgreSQL refuses to run as root; started by root, the cluster runs as the system's user "postgres".
set -eu

programs() {
    if command -v initdb >/dev/null 2>&1; then
        dirname "$(command -v initdb)"
        return
    fi
    newest=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$newest" ] || [ ! -x "$newest/initdb" ]; then
        echo "PostgreSQL's server programs were not found; on Debian they are in the package postgresql." >&2
        exit 1
    fi
    echo "$newest"
}

as_owner() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start() {
    bin=$(programs)
    # Tests outlive no crash of the machine, so flushing the disk for them is wasted time; measurements need it.
    flush="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    if [ "${1:-}" = --durable ]; then flush=""; fi
    cd /
    folder=$(as_owner mktemp -d "${TMPDIR:-/tmp}/postgres-for-tests.XXXXXX")
    as_owner "$bin/initdb" --pgdata "$folder/data" --username tests --auth trust --encoding UTF8 --locale C.UTF-8 \
        --no-sync >"$folder.log" 2>&1 || { cat "$folder.log" >&2; exit 1; }
    rm -f "$folder.log"
    # A port may be taken between asking and binding, so another one is tried.
    for attempt in 1 2 3 4 5; do
        port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
        if as_owner "$bin/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait --options \
            "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c max_connections=400 $flush" \
            start >/dev/null 2>&1; then
            echo "postgres://tests@127.0.0.1:$port/postgres?application_name=${folder##*/}"
            return
        fi
    done
    as_owner cat "$folder/log" >&2
    exit 1
}

stop() {
    bin=$(programs)
    name=${1##*application_name=}
    folder=${TMPDIR:-/tmp}/$name
    case $name in
        postgres-for-tests.*) ;;
        *) echo "That is not a cluster this script has started: $1" >&2; exit 1 ;;
    esac
    cd /
    as_owner "$bin/pg_ctl" --pgdata "$folder/data" --mode immediate --wait stop >/dev/null
    as_owner rm -rf "$folder"
}

case ${1:-} in
    start) start "${2:-}" ;;
    stop) stop "${2:?the URL that start printed}" ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
