#!/usr/bin/env bash
# Limber at work in real Blender: builds it, installs it, and compares it with Blender's own operators.
#
#   examples/demo.sh [VERSION...] [--short]
#
# Versions: 5.2 and 4.5 by default. From a fresh clone this builds the library and the add-on's zip,
# fetches Blender and a motion-capture clip into a cache outside the checkout, installs the zip the
# official way, runs the five pose sliders and Propagate by both, and prints times and differences.
# Blender's own Propagate takes 40 seconds on the clip; --short takes a shorter one.
#
#   LIMBER_TEST_CACHE   where Blender and the clips are kept (default ~/.cache/limber-test)
set -euo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../tests/common.sh"
cd "$root"

versions=()
while [[ ${1:-} =~ ^[0-9]+\.[0-9]+$ ]]; do
    versions+=("$1")
    shift
done
[ ${#versions[@]} -gt 0 ] || versions=(5.2 4.5)

bash tests/setup.sh system clips 5.2 "${versions[@]}"
echo "building the library and the add-on"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
zip=$(bash tests/build_addon.sh 2> "$log") || { cat "$log" >&2; exit 1; }
echo "${zip#"$root"/}"
status=0
for version in "${versions[@]}"; do
    LIMBER_TEST_ZIP=$zip bash tests/blender.sh python "$version" examples/demo.py "$@" || status=$?
done
exit $status
