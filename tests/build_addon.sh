#!/usr/bin/env bash
# Builds the native library and dist/limber-<version>.zip, checked by Blender's own extension tool.
#
#   tests/build_addon.sh            prints the path of the zip
#
# The tool comes with Blender; tests/setup.sh puts one into the cache.
#   LIMBER_TEST_CACHE   that cache (default ~/.cache/limber-test)
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${LIMBER_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/limber-test}

die() { echo "build_addon: $*" >&2; exit 1; }

blender=$(find "$cache/bpy" -maxdepth 2 -name READY -printf '%h\n' 2> /dev/null | sort -V | tail -n1)
[ -n "$blender" ] || die "no Blender in $cache; run tests/setup.sh first"
tool=$(echo "$blender"/lib/python*/site-packages/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py)
ext() { "$blender/bin/python" -B "$tool" "$@" >&2; }

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n1)
grep -qx "version = \"$version\"" addon/blender_manifest.toml ||
    die "addon/blender_manifest.toml has another version than Cargo.toml ($version)"

cargo build --release --quiet >&2
target=${CARGO_TARGET_DIR:-target}
case $(uname -s) in
    Darwin) built=liblimber.dylib name=liblimber.dylib ;;
    MINGW* | MSYS* | CYGWIN*) built=limber.dll name=limber.dll ;;
    *)
        built=liblimber.so
        case $(uname -m) in aarch64 | arm64) name=liblimber-arm64.so ;; *) name=liblimber.so ;; esac
        ;;
esac
mkdir -p addon/lib dist
# Replaced in one step: a Blender that runs from this folder keeps its own copy mapped.
cp "$target/release/$built" "addon/lib/.$name.new"
if [ "${name##*.}" = so ]; then strip --strip-unneeded "addon/lib/.$name.new"; fi
mv "addon/lib/.$name.new" "addon/lib/$name"

zip=$PWD/dist/limber-$version.zip
ext validate addon
ext build --source-dir addon --output-filepath "$zip"
ext validate "$zip"
echo "$zip"
