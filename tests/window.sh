#!/usr/bin/env bash
# A real Blender with a real window, for tests, on Debian as root.
#
#   tests/window.sh setup           make (or reuse) the folder that holds Blender; prints its version
#   tests/window.sh run CMD [ARG..] run CMD beside that Blender, in the current folder
#   tests/window.sh version         print suite and version of the folder in use
#   tests/window.sh clean           delete the folder
#
# Blender and everything it needs (X server, software OpenGL, xdotool, Python with pytest) come
# from a newer Debian suite, installed into a folder of its own; nothing is installed on the
# machine itself but mmdebstrap.
#
#   LIMBER_GUI_SUITES   suites, best first (default "sid trixie")
#   LIMBER_GUI_MIRROR   Debian mirror      (default: the one apt is set up with)
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

suites=${LIMBER_GUI_SUITES:-sid trixie}
packages=blender,python3,python3-cattr,python3-requests,python3-numpy,python3-zstandard,xvfb,xdotool
packages+=,libgl1-mesa-dri,libgl1,libegl1,libglx-mesa0,libegl-mesa0

need_root() { [ "$(id -u)" = 0 ] || die "must run as root (chroot and a private mount namespace)"; }

find_folder() {  # the first suite that is ready, in order of preference
    local suite
    for suite in $suites; do
        [ -f "$cache/gui/$suite/READY" ] && { echo "$cache/gui/$suite"; return 0; }
    done
    return 1
}

mirror() {
    if [ -n "${LIMBER_GUI_MIRROR:-}" ]; then echo "$LIMBER_GUI_MIRROR"; return; fi
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(LABEL) $(COMPONENT)' 'Created-By: Packages' |
        awk '$2 == "Debian" && $3 == "main" { print $1; exit }'
}

build() {  # build SUITE
    local suite=$1 dir=$cache/gui/$1 url
    url=$(mirror)
    [ -n "$url" ] || { apt-get -qq update; url=$(mirror); }
    [ -n "$url" ] || die "no Debian mirror found in apt's configuration; set LIMBER_GUI_MIRROR"
    rm -rf "$dir" "$dir.part"
    mkdir -p "$cache/gui"
    # Check-Valid-Until: a mirror that is a few weeks old is good enough here.
    # The path-excludes leave out manuals and translations.
    mmdebstrap --quiet --mode=root --variant=essential --skip=output/dev \
        --aptopt='APT::Install-Recommends "false"' \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='Acquire::Retries "3"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include="$packages" \
        "$suite" "$dir.part" "deb $url $suite main" || return 1
    ln -sf /proc/self/mounts "$dir.part/etc/mtab"
    chroot "$dir.part" blender --version | head -n1 > "$dir.part/READY" || return 1
    [ -s "$dir.part/READY" ] || return 1
    mv "$dir.part" "$dir"
}

setup() {
    need_root
    mkdir -p "$cache/gui"
    exec 9> "$cache/gui/.lock"
    flock 9
    if ! find_folder > /dev/null; then
        if ! command -v mmdebstrap > /dev/null; then
            apt-get -qq update
            DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends mmdebstrap > /dev/null
        fi
        local suite ok=
        for suite in $suites; do
            say "installing Blender of Debian $suite (about 80 s, 1.2 GB)"
            if build "$suite"; then ok=1; break; fi
            rm -rf "$cache/gui/$suite.part"
            say "$suite did not work"
        done
        [ -n "$ok" ] || die "no suite of ($suites) gave a working Blender"
    fi
    # pytest is pure Python, so that of this machine's pip also runs under the folder's Python.
    local folder
    folder=$(find_folder)
    if [ ! -d "$folder/opt/pytest" ]; then
        rm -rf "$folder/opt/pytest.part"
        "$(find_python 3.11)" -m pip install -q --disable-pip-version-check --no-cache-dir \
            --target "$folder/opt/pytest.part" "pytest==9.*"
        mv "$folder/opt/pytest.part" "$folder/opt/pytest"
    fi
    flock -u 9
    version
}

version() {
    local folder
    folder=$(find_folder) || die "not set up: run tests/setup.sh window"
    echo "$(cat "$folder/READY"), window (Debian $(basename "$folder"))"
}

run() {
    need_root
    [ $# -gt 0 ] || die "run what?"
    local folder
    folder=$(find_folder) || die "not set up: run tests/setup.sh window"
    # Everything mounted or started below lives in namespaces of this one command
    # and is gone when it ends, however it ends.
    # shellcheck disable=SC2016
    FOLDER=$folder HERE=$PWD exec unshare --mount --propagation private --pid --fork --kill-child bash -c '
        set -e
        mount -t proc proc "$FOLDER/proc"
        mount --rbind /dev "$FOLDER/dev"
        mount -t tmpfs tmpfs "$FOLDER/dev/shm" 2>/dev/null || true
        mount -t tmpfs tmpfs "$FOLDER/tmp"
        mkdir -p "$FOLDER$HERE"
        mount --rbind "$HERE" "$FOLDER$HERE"
        mkdir -p "$FOLDER/tmp/home"
        # mesa and blender keep compiled shaders here: 2 s instead of 8 s at the next start
        mkdir -p "$FOLDER/var/cache/limber"
        vars=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp/home LANG=C.UTF-8 PYTHONPATH=/opt/pytest
              XDG_CACHE_HOME=/var/cache/limber LIBGL_ALWAYS_SOFTWARE=1 PYTHONDONTWRITEBYTECODE=1)
        while IFS= read -r v; do vars+=("$v=${!v}"); done \
            < <(compgen -e | grep -E "^(LIMBER|BLENDER)_|^(CI|TERM|BLENDER)$" || true)
        exec chroot "$FOLDER" /usr/bin/env -i "${vars[@]}" /bin/sh -c '\''cd "$0" && exec "$@"'\'' "$HERE" "$@"
    ' window "$@"
}

case ${1:-} in
    setup) setup ;;
    run) shift; run "$@" ;;
    version) version ;;
    clean) need_root; rm -rf --one-file-system "$cache/gui" ;;
    *) sed -n '2,17p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
