#!/usr/bin/env bash
# Runs the tests.
#
#   tests/run.sh                                   all of them; fetches Blender first (about 25 minutes)
#   tests/run.sh lint                              format and lint of Rust and Python
#   tests/run.sh rust [CARGO TEST ARGS]            core and C interface
#   tests/run.sh blender [VERSION] [PYTEST ARGS]   in real Blender: 4.5 and 5.2 side by side, or one
#   tests/run.sh window [PYTEST ARGS]              in a real Blender window
#
# A part that fails does not stop the others; the last lines give each part's count.
#
#   LIMBER_TEST_SCENES   random scenes for each operator and version (default 200)
#   LIMBER_TEST_SEED     another seed gives other scenes (default 1)
#   LIMBER_TEST_LIMIT    seconds after which a Blender is ended (default 2400)
set -uo pipefail
# shellcheck source=tests/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root" || exit 1
logs=$target/test-logs
mkdir -p "$logs"
limit=${LIMBER_TEST_LIMIT:-2400}
versions="4.5 5.2"
summary=()
failed=0

heading() { printf '\n=== %s ===\n' "$*"; }

# record PART PASSED FAILED [NOTE]: one line of the summary
record() {
    [ "$3" = 0 ] || failed=1
    summary+=("$1: $2 passed, $3 failed")
    [ -z "${4:-}" ] || printf '%s: %s\n' "$1" "$4"
}

setup() {
    heading "set-up"
    local start=$SECONDS
    if ! bash tests/setup.sh "$@"; then
        echo "the set-up failed"
        exit 1
    fi
    echo "set-up: $((SECONDS - start)) s"
}

# --- lint ----------------------------------------------------------------------------------------

python_folders() {
    local folder
    for folder in addon tests benches examples; do
        [ ! -d "$folder" ] || [ -z "$(find "$folder" -name '*.py' -print -quit)" ] || echo "$folder"
    done
}

lint() {
    heading "lint"
    local start=$SECONDS good=0 bad=0 ruff folders check
    ruff=$cache/lint/ruff-0.14/bin/ruff
    folders=$(python_folders | tr '\n' ' ')
    for check in "cargo fmt --check" "cargo clippy -q --all-targets -- -D warnings" \
        "$ruff check -q $folders" "$ruff format -q --check $folders"; do
        if $check; then
            good=$((good + 1))
        else
            bad=$((bad + 1))
            echo "FAILED: $check"
        fi
    done
    record lint $good $bad "$((SECONDS - start)) s"
}

# --- Rust ----------------------------------------------------------------------------------------

rust() {
    heading "core and C interface"
    local start=$SECONDS log=$logs/rust.log status good bad
    cargo test --no-fail-fast "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    good=$(sed -n 's/^test result: .* \([0-9]*\) passed;.*/\1/p' "$log" | paste -sd+ | sed 's/^$/0/')
    bad=$(sed -n 's/^test result: .* \([0-9]*\) failed;.*/\1/p' "$log" | paste -sd+ | sed 's/^$/0/')
    good=$((good)) bad=$((bad))
    # a crash or a compile error counts no test
    [ "$status" = 0 ] || [ $bad -gt 0 ] || bad=1
    record rust $good $bad "$((SECONDS - start)) s"
}

# --- Blender -------------------------------------------------------------------------------------

built=
build_addon() {
    [ -z "$built" ] || return 0
    heading "add-on"
    local start=$SECONDS
    if ! bash tests/build_addon.sh; then
        record add-on 0 1 "the zip could not be built"
        return 1
    fi
    built=yes
    echo "add-on: $((SECONDS - start)) s"
}

# pytest_counts PART LOG STATUS SECONDS: from pytest's closing line
pytest_counts() {
    local line good bad skips
    line=$(grep -E '^(=+ )?([0-9]+ (passed|failed|error|skipped|deselected|warning|xfailed|xpassed)s?,? ?)+' "$2" |
        grep -E ' in [0-9.]+s' | tail -n 1)
    good=$(sed -n 's/.*\b\([0-9]\+\) passed.*/\1/p' <<< "$line")
    bad=$((0$(sed -n 's/.*\b\([0-9]\+\) failed.*/+\1/p' <<< "$line")$(sed -n 's/.*\b\([0-9]\+\) errors\?.*/+\1/p' <<< "$line")))
    skips=$(sed -n 's/.*\b\([0-9]\+\) skipped.*/\1/p' <<< "$line")
    if [ "$3" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
        printf "\n%s: ended with status %s (124 or 137: out of time; 139: crash)\n" "$1" "$3"
    fi
    [ -z "$skips" ] || echo "$1: $skips SKIPPED"
    record "$1" "${good:-0}" "$bad" "$4 s"
}

# run_blender VERSION NAME ARG...: one version, into a log of that name
run_blender() {
    local version=$1 name=$2 start=$SECONDS
    shift 2
    timeout -k 15 "$limit" bash tests/blender.sh python "$version" -m pytest "$@" \
        > "$logs/blender-$name.log" 2>&1 < /dev/null
    echo "$? $((SECONDS - start))" > "$logs/blender-$name.status"
}

report_blender() {
    local name=$1 status seconds
    read -r status seconds < "$logs/blender-$name.status"
    heading "Blender $name"
    cat "$logs/blender-$name.log"
    pytest_counts "blender-$name" "$logs/blender-$name.log" "$status" "$seconds"
}

# The operators that read curves or bones where they lie, by the public reader: fewer scenes, since
# all else is the same.
run_public() {
    local folder=tests/blender
    LIMBER_READER=public LIMBER_TEST_SCENES=${LIMBER_TEST_SCENES:-40} run_blender \
        "$1" "$1-public" -k "not motion_capture" "$folder"/test_{slide,propagate,transform,clipboard}.py
}

blender() {
    local version wanted=$versions whole=
    case ${1:-} in 4.5 | 5.0 | 5.1 | 5.2) wanted=$1; shift ;; esac
    [ $# -gt 0 ] || { whole=yes; set -- tests/blender; }
    # arguments such as -k WORD alone mean the whole folder
    local argument paths=
    for argument in "$@"; do case $argument in tests/*) paths=yes ;; esac; done
    [ -n "$paths" ] || set -- tests/blender "$@"
    build_addon || return
    for version in $wanted; do run_blender "$version" "$version" "$@" & done
    wait
    for version in $wanted; do report_blender "$version"; done
    [ -n "$whole" ] || return
    for version in $wanted; do run_public "$version" & done
    wait
    for version in $wanted; do report_blender "$version-public"; done
}

window() {
    if [ -f "$cache/window-skipped" ]; then
        heading "window"
        window_skipped=$(cat "$cache/window-skipped")
        echo "no windowed Blender: $window_skipped"
        return
    fi
    build_addon || return
    heading "window: $(bash tests/window.sh version)"
    local start=$SECONDS log=$logs/window.log
    case ${1:--} in -*) set -- tests/window "$@" ;; esac
    timeout -k 15 "$limit" bash tests/window.sh run python3 -m pytest "$@" 2>&1 < /dev/null | tee "$log"
    pytest_counts window "$log" "${PIPESTATUS[0]}" "$((SECONDS - start))"
}

window_skipped=
part=${1:-all}
[ $# -eq 0 ] || shift
case $part in
    all)
        setup system lint clips $versions window
        lint
        rust
        blender
        window
        ;;
    lint) setup lint; lint ;;
    rust) setup system; rust "$@" ;;
    blender)
        case ${1:-} in 4.5 | 5.0 | 5.1 | 5.2) setup clips "$1" ;; *) setup $versions clips ;; esac
        blender "$@"
        ;;
    window) setup 5.2 window; window "$@" ;;
    *) sed -n '2,14p' "$0" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac

heading "summary, $((SECONDS / 60)) min $((SECONDS % 60)) s"
printf '%s\n' "${summary[@]}"
[ -z "$window_skipped" ] || echo "window tests SKIPPED, no windowed Blender could be had: $window_skipped"
exit $failed
