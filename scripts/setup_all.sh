#!/usr/bin/env bash
# What `make check-all` and `make mutants` need beside the tests' own: PySpark, which asks for Java,
# and Cosmic Ray. Both stand in groups of their own, since few people need several hundred megabytes.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
    -r requirements-more.lock
command -v java >/dev/null && exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
echo "Installing from Debian: default-jre-headless…"
if ! (as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        as_root apt-get install -y -qq --no-install-recommends default-jre-headless) >/dev/null; then
    echo "There is no Java, so the Spark test will be skipped." >&2
    echo "For it, run: sudo apt-get install default-jre-headless" >&2
fi
