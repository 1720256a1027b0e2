#!/bin/sh
# Set up .venv for a goal (run, demo, test, check or docs): find a Python that Litmus runs on, then let
# scripts/set_up.py do the rest with it. Says one sentence with the remedy when something is missing.
#
#     sh scripts/set_up.sh GOAL        PYTHON=… names the Python, LIGHT=1 leaves torch out
set -eu
cd "$(dirname "$0")/.."
goal=${1:-run}

# Set up already, and nothing changed since? Then there is nothing to find.
if .venv/bin/python -m scripts.set_up --only-look "$goal" 2>/dev/null; then
    exit 0
fi

probe='
import sys
missing = []
for name in ("venv", "ensurepip", "ssl", "sqlite3", "ctypes"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print(" ".join(["%d.%d" % sys.version_info[:2]] + missing))
'
needs='Litmus needs Python 3.11, 3.12 or 3.13'
wrong='' # a version that does not do
lacks='' # a version that would do, but for a missing part

# The newest first.
for each in ${PYTHON:-python3.13 python3.12 python3 python3.11 /usr/bin/python3}; do
    found=$("$each" -c "$probe" 2>/dev/null) || continue
    version=${found%% *}
    case $found in
        3.11 | 3.12 | 3.13) exec "$each" -m scripts.set_up "$goal" ;;
        3.11\ * | 3.12\ * | 3.13\ *)
            case $found in
                *venv* | *ensurepip*)
                    what="Python $version ($each) cannot make virtual environments"
                    how="install the missing part (Debian, as root: apt-get install python$version-venv)" ;;
                *)
                    what="Python $version ($each) was built without ${found#* }"
                    how="install a complete one (Debian, as root: apt-get install python3 python3-venv)" ;;
            esac
            lacks=${lacks:-"$what: $how and run make again."} ;;
        *) wrong=${wrong:-"$version ($each)"} ;;
    esac
done

if [ -n "$lacks" ]; then
    echo "$lacks" >&2
elif [ -n "$wrong" ]; then
    echo "$needs and finds $wrong: install one of them, or name one that you have with make $goal PYTHON=/path/to/python3.12." >&2
else
    echo "$needs and finds no ${PYTHON:-python3}: install it (Debian, as root: apt-get install python3 python3-venv) and run make again." >&2
fi
exit 1
