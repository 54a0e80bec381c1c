#!/usr/bin/env bash
# Times stock against Limber in real Blender.
#
#   benches/run.sh [VERSION...] [FAMILY...] [OPTIONS]
#
#   benches/run.sh                all families of operators in 4.5 and 5.2
#   benches/run.sh 5.2 sliders    one of them in one version; --help lists families and options
#   benches/run.sh sliders propagate transforms paths --readers
#                                 what reads curves and bones, by either reader
#
# Builds the add-on and fetches Blender and the clips first. Tables and all samples are left in
# target/bench, named by version and families. Keep the machine quiet meanwhile.
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tests/common.sh"
cd "$root"

versions=()
families=()
while [[ ${1:-} =~ ^[^-] ]]; do
    if [[ $1 =~ ^[0-9]+\.[0-9]+$ ]]; then versions+=("$1"); else families+=("$1"); fi
    shift
done
[ ${#versions[@]} -gt 0 ] || versions=(4.5 5.2)

bash tests/setup.sh system clips 5.2 "${versions[@]}" >&2
bash tests/build_addon.sh >&2
mkdir -p "$target/bench"
status=0
for version in "${versions[@]}"; do
    name="$target/bench/$(IFS=-; echo "$version${families[*]:+-${families[*]}}")"
    bash tests/blender.sh python "$version" benches/blender_bench.py "${families[@]}" \
        --json "$name.json" --markdown "$name.md" "$@" || status=$?
done
exit $status
