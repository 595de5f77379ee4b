#!/bin/sh
# Browser tests drive Debian's Chromium. As root, install it when it is missing; else say what to install.
# With "bench" also PostgreSQL, which the desk is measured beside; without it that comparison is left out.
set -u
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v chromedriver >/dev/null 2>&1 || missing="$missing chromium-driver"
find /usr/share/fonts /usr/local/share/fonts -iname 'NotoSansCJK*' 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
peer=""
[ "${1:-}" = bench ] && ! ls /usr/lib/postgresql/*/bin/pgbench >/dev/null 2>&1 && peer=" postgresql"
[ -z "$missing$peer" ] && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    [ -z "$missing" ] && exit 0
    echo "the browser tests need these packages, please install them:$missing" >&2
    exit 1
fi
echo "installing$missing$peer …"
log=$(mktemp)
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing $peer; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "could not install$missing$peer (log above)" >&2
    [ -z "$missing" ] || exit 1
fi
