#!/usr/bin/env bash
# Explores histories of operations on a simulated share: runs the real code call by call, with every switch between
# operations, kills, server faults and an admin's actions (docs/reliability.md).
#
#   explore.sh                        explores all pairs of operations, with up to three switches
#   SECONDS=N explore.sh              explores random histories of ten operations for N seconds
#   SEED=N SECONDS=N explore.sh       repeats the same histories
#   FIRST=NAME [SECOND=NAME] explore.sh
#                                     explores the pairs of this operation with all, or with the second one
#   HISTORY="FIRST SECOND PROCESSES" SCHEDULE="…" explore.sh
#                                     repeats one history, as a report names it
#   SEED=N SCHEDULE="…" explore.sh    repeats one history of ten operations
#
# It fails if a history breaks a promise, and prints the steps.
set -euo pipefail
# bash turns the variable SECONDS into a counter from its start, so read the original value.
seconds=$(tr '\0' '\n' <"/proc/$$/environ" | sed -n 's/^SECONDS=//p')
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

require_swift
scripts/install.sh
[ -n "${BUILT:-}" ] || swift build -c release --product explore </dev/null
explore=$(swift build -c release --show-bin-path)/explore
if [ -n "${HISTORY:-}" ]; then
    read -r first second processes <<<"$HISTORY"
    exec "$explore" history "$first" "$second" "$processes" "${SCHEDULE:-}"
elif [ -n "${SCHEDULE:-}" ]; then
    exec "$explore" random-history "${SEED:?is the scenario of the schedule}" "$SCHEDULE"
elif [ -n "$seconds" ]; then
    exec "$explore" random --seconds "$seconds" ${SEED:+--seed "$SEED"}
fi
if [ -n "${FIRST:-}" ] && [ -n "${SECOND:-}" ]; then exec "$explore" pairs --first "$FIRST" --second "$SECOND"; fi
# One process per pair: memory of killed operations stays allocated until their explorer ends.
mapfile -t operations < <("$explore" operations)
pairs=
for ((first = 0; first < ${#operations[@]}; first++)); do
    for ((second = first; second < ${#operations[@]}; second++)); do
        pair="${operations[first]} ${operations[second]}"
        [[ -n ${FIRST:-} && " $pair " != *" $FIRST "* ]] || pairs+="$pair"$'\n'
    done
done
[ -n "$pairs" ] || die "no operation $FIRST; choose one of: ${operations[*]}"
# Each process has two threads at most: one for the pair in one controller, one for the pair in two.
# shellcheck disable=SC2016
xargs -L 1 -P $((($(nproc) + 1) / 2)) "$BASH" -c '
    found=$("$0" pairs --first "$1" --second "$2")
    code=$?
    printf "%s × %s: %s\n" "$1" "$2" "$found"
    exit $code
' "$explore" <<<"${pairs%$'\n'}" || die "a history breaks a promise, or a pair was not explored (see the lines above)"
