#!/bin/sh
# Makes the virtual environment: sh deploy/venv.sh PYTHON FOLDER
# Locked dependencies with hashes, and the command `synthetics`. The suite is cloned, not installed, so the command points back here.
set -eu
python=$1 folder=$2 here=$(pwd)

if [ -z "$python" ]; then
    echo "No Python of version 3.11 or later was found. Install one (Debian, Ubuntu: apt-get install python3), or name it: make PYTHON=/path/to/python" >&2
    exit 2
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    # Debian and Ubuntu keep venv in a package of its own.
    package=$("$python" -c 'import sys; print(f"python3.{sys.version_info[1]}-venv")')
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    echo "installing $package"
    if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends "$package"; } >/dev/null; then
        echo "Python's venv module is missing. Install it: apt-get install $package" >&2
        exit 2
    fi
fi
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
"$folder/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
cat >"$folder/bin/synthetics" <<LAUNCHER
#!$here/$folder/bin/python
import os, sys
os.chdir("$here")
sys.path.insert(0, "$here")
from cli.main import main
sys.exit(main())
LAUNCHER
chmod +x "$folder/bin/synthetics"
touch "$folder/ready"
