#!/usr/bin/env bash
# What the tests need from Debian: a browser for the pages, and Pango for the PDF.
set -euo pipefail
need=()
command -v chromium >/dev/null || need+=(chromium)
ldconfig -p | grep -q 'libpangoft2-1.0' || need+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
# A real PostgreSQL for the tests of the exchange server.
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || need+=(postgresql)
fc-list 2>/dev/null | grep -qi dejavu || need+=(fonts-dejavu-core)
[ ${#need[@]} -gt 0 ] || exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
echo "Installing from Debian: ${need[*]}…"
if ! (as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        as_root apt-get install -y -qq --no-install-recommends "${need[@]}") >/dev/null; then
    echo "The tests need Debian's packages. Run: sudo apt-get install ${need[*]}" >&2
    exit 1
fi
