#!/usr/bin/env bash
# Lets libFuzzer make up inputs for each reader of what comes from outside, and each writer of text that others made up,
# and looks for one that breaks what has to hold of it (Tests/FuzzTests). Memory is watched by the address sanitizer.
#
#   fuzz.sh                   every target in turn, for a minute each
#   TARGET="NAME …" fuzz.sh   these; their names are those of the folders in Tests/FuzzTests/Corpus
#   SECONDS=N fuzz.sh         for so long each
#
# What it learns about a target stays in .build-address/fuzz/NAME, where the next run goes on.
set -euo pipefail
# bash counts the seconds since its start in that variable, from what it was given.
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
    [ -d "$corpus/$target" ] || die "there is no target $target; there are: $(cd "$corpus" && echo *)"
done
build_sanitized address

# fuzz TARGET: fails when something was found, and says where it is.
fuzz() {
    local folder=.build-address/fuzz/$1 log found
    mkdir -p "$folder"
    log=$folder.log
    found=$(compgen -G "$folder-*" | head -n 1) || true
    [ -z "$found" ] || {
        say "$1: $found of an earlier run is still there; put it into $corpus/$1, or remove it"
        return 1
    }
    # A leak is not looked for: Swift keeps metadata for ever, and libFuzzer would stop at each.
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
    say "$1: ${found:+$found breaks it; put it into $corpus/$1, and make test FILTER=FuzzTests shows how. }The log is $log"
    return 1
}

failed=()
for target in "${targets[@]}"; do fuzz "$target" || failed+=("$target"); done
[ ${#failed[@]} = 0 ] || die "found something in: ${failed[*]}"
