#!/usr/bin/env bash
# Explores histories of operations on a simulated share: the real code, call by call, with every switch between operations,
# kills, faults of the server and an admin's actions (docs/reliability.md).
#
#   explore.sh                        all pairs of operations, with up to three switches
#   SECONDS=N explore.sh              histories of ten operations at random, for so long
#   SEED=N SECONDS=N explore.sh       the same histories again
#   FIRST=NAME [SECOND=NAME] explore.sh
#                                     the pairs of this operation with all, or with that one
#   HISTORY="FIRST SECOND PROCESSES" SCHEDULE="…" explore.sh
#                                     one history again, as a report names it
#   SEED=N SCHEDULE="…" explore.sh    one history of ten operations again
#
# It fails when a history breaks a promise, and prints its steps.
set -euo pipefail
# bash counts the seconds since its start in that variable, from what it was given.
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
# A process a pair: what killed operations waited for stays allocated as long as their explorer lives.
mapfile -t operations < <("$explore" operations)
pairs=
for ((first = 0; first < ${#operations[@]}; first++)); do
    for ((second = first; second < ${#operations[@]}; second++)); do
        pair="${operations[first]} ${operations[second]}"
        [[ -n ${FIRST:-} && " $pair " != *" $FIRST "* ]] || pairs+="$pair"$'\n'
    done
done
[ -n "$pairs" ] || die "no operation $FIRST; there are ${operations[*]}"
# Each has two threads at most, for the pair in one process and in two.
# shellcheck disable=SC2016
xargs -L 1 -P $((($(nproc) + 1) / 2)) "$BASH" -c '
    found=$("$0" pairs --first "$1" --second "$2")
    code=$?
    printf "%s × %s: %s\n" "$1" "$2" "$found"
    exit $code
' "$explore" <<<"${pairs%$'\n'}" || die "a history breaks a promise, or a pair was not explored: see above"
