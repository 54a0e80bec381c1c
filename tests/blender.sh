#!/usr/bin/env bash
# Real Blender without a window.
#
#   tests/blender.sh python VERSION [ARG...]  that version's Python, with bpy importable
#   tests/blender.sh ext VERSION [ARG...]     Blender's own extension tool: validate, build
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ $# -ge 2 ] || { sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//'; exit 2; }
what=$1 version=$2
shift 2
select_version "$version"
[ -f "$blender_dir/READY" ] || die "Blender $version is not set up: run tests/setup.sh $version"
case $what in
    python) exec "$blender_dir/bin/python" -B "$@" ;;
    ext)
        tool=$(echo "$blender_dir"/lib/python*/site-packages/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py)
        exec "$blender_dir/bin/python" -B "$tool" "$@"
        ;;
    *) die "no such command: $what" ;;
esac
