#!/usr/bin/env bash
# Builds the native library and dist/limber-<version>.zip, checked by Blender's own extension tool.
#
#   tests/build_addon.sh            prints the path of the zip
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"
ext() { bash tests/blender.sh ext 5.2 "$@" >&2; }

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n1)
grep -qx "version = \"$version\"" addon/blender_manifest.toml ||
    die "addon/blender_manifest.toml has another version than Cargo.toml ($version)"

cargo build --release --quiet >&2
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

zip=$root/dist/limber-$version.zip
ext validate addon
ext build --source-dir addon --output-filepath "$zip"
ext validate "$zip"
echo "$zip"
