#!/usr/bin/env bash
# Make .venv in the repo's root with exactly the locked packages, and this package in it.
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

if ! command -v "$python" >/dev/null; then
    echo "tocsin needs Python 3.11 or newer; '$python' was not found." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "tocsin needs Python 3.11 or newer; '$python' is $("$python" --version)." >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    # Debian keeps venv in a package of its own.
    echo "Installing Debian's python3-venv…"
    if ! (as_root apt-get update -qq && as_root apt-get install -y -qq python3-venv) >/dev/null; then
        echo "Python's venv module is missing. Run: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

# A .venv from an interrupted set-up is made anew rather than trusted.
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing the locked packages into .venv (a few minutes the first time)…"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
# As pip does with what it installs, so that no command compiles the package anew.
.venv/bin/python -m compileall -q src
