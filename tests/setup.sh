#!/usr/bin/env bash
# Fetches what the tests need, into a folder outside the checkout; does nothing when it is there.
#
#   tests/setup.sh                 everything below for Blender 4.5 and 5.2
#   tests/setup.sh PART...         only these: system lint clips window 4.5 5.0 5.1 5.2
#
#   system   compilers and the shared libraries that Blender loads (installs them when root on Debian)
#   lint     ruff
#   clips    motion-capture clips (BVH) out of two source packages of the Python package index
#   window   a Blender with a window, for the tests that press keys; needs root
#   4.5 ...  that Blender without a window, with pytest
#
# LIMBER_TEST_CACHE says where (default ~/.cache/limber-test). About 3.5 GB, three minutes.
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

pip_install() {  # pip_install PYTHON PACKAGE...
    local python=$1
    shift
    "$python" -m pip install -q --disable-pip-version-check --no-cache-dir "$@"
}

# --- system ------------------------------------------------------------------------------------

# library or program, and the Debian package that brings it
libraries="libX11.so.6:libx11-6 libXrender.so.1:libxrender1 libXfixes.so.3:libxfixes3 libXi.so.6:libxi6
libxkbcommon.so.0:libxkbcommon0 libSM.so.6:libsm6 libGL.so.1:libgl1"
programs="cc:gcc c++:g++ flock:util-linux"

missing_packages() {
    local pair known
    known=$({ /sbin/ldconfig -p || ldconfig -p; } 2> /dev/null || true)
    for pair in $libraries; do
        grep -qF "${pair%%:*} " <<< "$known" || echo "$pair"
    done
    for pair in $programs; do
        command -v "${pair%%:*}" > /dev/null || echo "$pair"
    done
    local probe
    probe=$(mktemp)
    if command -v cc > /dev/null &&
        ! echo 'int main(void) { return 0; }' | cc -fsanitize=address,undefined -x c - -o "$probe" 2> /dev/null; then
        echo "libasan,libubsan:gcc"
    fi
    rm -f "$probe"
}

setup_system() {
    local missing packages
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        packages=$(sed 's/.*://' <<< "$missing" | sort -u | tr '\n' ' ')
        say "missing: $(sed 's/:.*//' <<< "$missing" | tr '\n' ' ')(packages: $packages)"
        if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
            apt-get -qq update
            # shellcheck disable=SC2086
            DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $packages > /dev/null
        else
            die "install them first, on Debian: apt-get install $packages"
        fi
        missing=$(missing_packages)
        [ -z "$missing" ] || die "still missing after the installation: $missing"
    fi
    command -v cargo > /dev/null || die "no cargo: install Rust 1.88 or newer (rustup)"
    cargo clippy --version > /dev/null 2>&1 || die "no clippy: rustup component add clippy"
    cargo fmt --version > /dev/null 2>&1 || die "no rustfmt: rustup component add rustfmt"
}

# --- Blender without a window --------------------------------------------------------------------

setup_blender() {
    select_version "$1"
    if [ ! -f "$blender_dir/READY" ]; then
        local python
        python=$(find_python "$python_version")
        say "installing Blender $wheel without a window (0.4 GB to fetch, 1 GB on disk)"
        rm -rf "$blender_dir"
        mkdir -p "$cache/bpy"
        "$python" -m venv "$blender_dir"
        if command -v uv > /dev/null; then
            uv pip install -q --python "$blender_dir/bin/python" "bpy==$wheel"
        else
            pip_install "$blender_dir/bin/python" "bpy==$wheel"
        fi
        "$blender_dir/bin/python" -c "import bpy; print(bpy.app.version_string)" > "$blender_dir/READY"
    fi
    if [ ! -f "$blender_dir/PYTEST" ]; then
        pip_install "$blender_dir/bin/python" "pytest==9.*"
        touch "$blender_dir/PYTEST"
    fi
    echo "Blender $(tail -n1 "$blender_dir/READY"), no window (Python $python_version)"
}

# --- lint, clips, window -------------------------------------------------------------------------

setup_lint() {
    local dir=$cache/lint/ruff-0.14
    if [ ! -x "$dir/bin/ruff" ]; then
        rm -rf "$dir"
        mkdir -p "$cache/lint"
        "$(find_python 3.11)" -m venv "$dir"
        pip_install "$dir/bin/python" "ruff==0.14.*"
    fi
    "$dir/bin/ruff" --version
}

# Unpacks the .bvh files of a source package. pip looks into the package but installs nothing.
fetch_clips() {  # fetch_clips PACKAGE VERSION
    local part=$cache/clips/$1.part
    rm -rf "$part" "$cache/clips/$1"
    mkdir -p "$part"
    "$(find_python 3.11)" -m pip download -q --disable-pip-version-check --no-deps --no-binary :all: \
        -d "$part" "$1==$2"
    tar -xzf "$part/$1-$2.tar.gz" -C "$part" --wildcards '*.bvh' '*/LICENSE*'
    rm "$part/$1-$2.tar.gz"
    mv "$part" "$cache/clips/$1"
}

setup_clips() {
    [ -f "$cache/clips/bvhtools/bvhtools-1.6.0/testBvhFiles/test3.bvh" ] || fetch_clips bvhtools 1.6.0
    [ -f "$cache/clips/bvhtoolbox/bvhtoolbox-0.1.3/tests/example_files/test_mocapbank.bvh" ] ||
        fetch_clips bvhtoolbox 0.1.3
    echo "$(find "$cache/clips" -name '*.bvh' | wc -l) motion-capture clips"
}

# The one part that may fail without failing the set-up: run.sh says at its end why it was skipped.
setup_window() {
    rm -f "$cache/window-skipped"
    if ! bash "$root/tests/window.sh" setup 2> "$cache/window-setup.log"; then
        tail -n 5 "$cache/window-setup.log" >&2
        tail -n 1 "$cache/window-setup.log" > "$cache/window-skipped"
        echo "no windowed Blender: $(cat "$cache/window-skipped")"
    fi
}

mkdir -p "$cache"
exec 8> "$cache/.setup-lock"
flock 8
[ $# -gt 0 ] || set -- system lint clips 4.5 5.2 window
for part in "$@"; do
    case $part in
        system | lint | clips | window) "setup_$part" ;;
        4.5 | 5.0 | 5.1 | 5.2) setup_blender "$part" ;;
        *) die "no such part: $part" ;;
    esac
done
