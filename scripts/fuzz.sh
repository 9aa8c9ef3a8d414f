#!/usr/bin/env bash
# Fuzzes every parser of untrusted input and every writer of untrusted text with libFuzzer, and looks for an input that
# breaks an invariant (Tests/FuzzTests). The address sanitizer checks memory accesses.
#
#   fuzz.sh                   fuzzes every target in turn, for a minute each
#   TARGET="NAME …" fuzz.sh   fuzzes these targets; the folders in Tests/FuzzTests/Corpus have their names
#   SECONDS=N fuzz.sh         fuzzes each target for N seconds
#
# The corpus that it grows for a target stays in .build-address/fuzz/NAME, and the next run continues with it.
set -euo pipefail
# bash turns the variable SECONDS into a counter from its start, so read the original value.
seconds=$(tr '\0' '\n' <"/proc/$$/environ" | sed -n 's/^SECONDS=//p')
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
# shellcheck source=scripts/sanitizers.sh
. scripts/sanitizers.sh

require_root
require_swift
scripts/install.sh
corpus=Tests/FuzzTests/Corpus
read -ra targets <<<"${TARGET:-$(cd "$corpus" && echo *)}"
for target in "${targets[@]}"; do
    [ -d "$corpus/$target" ] || die "no target $target; choose from: $(cd "$corpus" && echo *)"
done
build_sanitized address

# fuzz TARGET: fails if libFuzzer found an input, and prints where it is.
fuzz() {
    local folder=.build-address/fuzz/$1 log found
    mkdir -p "$folder"
    log=$folder.log
    found=$(compgen -G "$folder-*" | head -n 1) || true
    [ -z "$found" ] || {
        say "$1: $found from an earlier run still exists; move it to $corpus/$1, or remove it"
        return 1
    }
    # Leaks are not checked: Swift never frees metadata, and libFuzzer would stop at each.
    FUZZ_TARGET=$1 ASAN_OPTIONS=detect_leaks=0 \
        FUZZ_OPTIONS="-max_total_time=${seconds:-60} -max_len=32768 -timeout=20 -rss_limit_mb=4096 -detect_leaks=0 \
            -print_final_stats=1 -artifact_prefix=$folder- $folder $corpus/$1" \
        swift test --skip-build --disable-xctest "${sanitized[@]}" --filter '^FuzzTests.LibFuzzerTests/' </dev/null >"$log" 2>&1 || true
    if grep -q '^stat::number_of_executed_units' "$log" && ! compgen -G "$folder-*" >/dev/null; then
        say "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, nothing found"
        return
    fi
    log_tail "$log"
    found=$(compgen -G "$folder-*" | head -n 1) || true
    say "$1: ${found:+$found breaks it; move it to $corpus/$1 and run make test FILTER=FuzzTests to reproduce. }The log is $log"
    return 1
}

failed=()
for target in "${targets[@]}"; do fuzz "$target" || failed+=("$target"); done
[ ${#failed[@]} = 0 ] || die "found failing inputs for: ${failed[*]}"
