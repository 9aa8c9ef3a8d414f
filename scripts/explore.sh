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
exec "$explore" pairs ${FIRST:+--first "$FIRST"} ${SECOND:+--second "$SECOND"}
