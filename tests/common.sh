# Sourced by the scripts beside it: where things are kept, and how each Blender is found.
# shellcheck shell=bash
#
#   LIMBER_TEST_CACHE   where Blender, the clips and the linters are kept (default ~/.cache/limber-test)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${LIMBER_TEST_CACHE:-${XDG_CACHE_HOME:-~/.cache}/limber-test}
export LIMBER_TEST_CACHE=$cache
target=${CARGO_TARGET_DIR:-$root/target}

say() { echo "$(basename "$0" .sh): $*" >&2; }
die() { say "$*"; exit 1; }

# The Blender versions, as `bpy` wheels: each needs exactly one minor version of Python.
select_version() {
    case $1 in
        4.5) python_version=3.11 wheel=4.5.15 ;;
        5.0) python_version=3.11 wheel=5.0.1 ;;
        5.1) python_version=3.13 wheel=5.1.2 ;;
        5.2) python_version=3.13 wheel=5.2.3 ;;
        *) die "no such Blender: $1 (4.5, 5.0, 5.1 or 5.2)" ;;
    esac
    blender_dir=$cache/bpy/$wheel
}

# Prints a working interpreter of a minor version. A name in PATH is tried, not trusted: version
# managers leave shims there that fail.
find_python() {
    local version=$1 given=LIMBER_PYTHON_${1/./} candidate
    for candidate in "${!given:-}" "python$version" \
        ${PYENV_ROOT:-~/.pyenv}/versions/"$version".*/bin/python "/usr/bin/python$version"; do
        if [ -n "$candidate" ] && "$candidate" -c \
            "import sys, venv, ensurepip; assert '%d.%d' % sys.version_info[:2] == '$version'" 2> /dev/null; then
            echo "$candidate"
            return
        fi
    done
    if command -v uv > /dev/null; then
        uv python find "$version" 2> /dev/null && return
        uv python install -q "$version" >&2 && uv python find "$version" && return
    fi
    die "no Python $version with venv: install one (Debian: python$version-venv; or pyenv, uv)," \
        "or set $given to its path"
}
