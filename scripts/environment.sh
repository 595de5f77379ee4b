#!/bin/sh
# Make the virtual environment, or say in one sentence what is missing.
set -u
python=$1
venv=$2
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "citydeck needs Python 3.11 or newer: '$python' is not; set another with make PYTHON=python3.12 …" >&2
    exit 1
fi
if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
    rm -rf "$venv"
    echo "'$python -m venv' failed: install the venv module first (Debian: apt-get install python3-venv)" >&2
    exit 1
fi
