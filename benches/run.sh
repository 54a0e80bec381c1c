#!/usr/bin/env bash
# Times stock against Limber in real Blender.
#
#   benches/run.sh [VERSION...] [OPTIONS]   versions 4.5 and 5.2 by default; --help lists the options
#
# Builds the add-on and fetches Blender and the clips first. Tables and all samples are left in
# target/bench. Keep the machine quiet meanwhile.
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tests/common.sh"
cd "$root"

versions=()
while [[ ${1:-} =~ ^[0-9]+\.[0-9]+$ ]]; do
    versions+=("$1")
    shift
done
[ ${#versions[@]} -gt 0 ] || versions=(4.5 5.2)

bash tests/setup.sh system clips 5.2 "${versions[@]}" >&2
bash tests/build_addon.sh >&2
mkdir -p "$target/bench"
status=0
for version in "${versions[@]}"; do
    bash tests/blender.sh python "$version" benches/blender_bench.py \
        --json "$target/bench/$version.json" --markdown "$target/bench/$version.md" "$@" || status=$?
done
exit $status
