#!/usr/bin/env bash
# Injects faults into every part while claims are made, released, restored, expanded, copied, purged and changed by hand, and
# checks after each round that nothing is lost (docs/reliability.md).
#
#   torture.sh                        injects each fault alone, then mixes them, for 20 minutes
#   SECONDS=N or ROUNDS=N torture.sh  runs for N seconds or rounds
#   SEED=N torture.sh                 repeats the same operations and faults
#   FAULTS=NAME,… torture.sh          injects only these faults
#   TOGETHER=N torture.sh             injects N faults at the same time in the first rounds
#   CLAIMS=N torture.sh               creates N claims at the same time at the end
#
# With BUILT=1 nothing is built. The last line names the folder of report and logs; it stays after a failure, or with KEEP=1.
set -euo pipefail
# bash turns the variable SECONDS into a counter from its start, so read the original value.
seconds=$(tr '\0' '\n' <"/proc/$$/environ" | sed -n 's/^SECONDS=//p')
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
# shellcheck source=scripts/tests.sh
. scripts/tests.sh

require_root
require_swift
scripts/install.sh
scripts/control-plane.sh >/dev/null
[ -n "${BUILT:-}" ] || swift build --build-tests </dev/null

bed=$(mktemp -d "${TMPDIR:-/tmp}/sb-nfs-provisioner-torture.XXXXXX")
folder=$bed-report
finish() {
    local code=$?
    scripts/bed.sh stop "$bed" || true
    scripts/bed.sh stop "$bed-neighbour" || true
    # Left over if the test itself crashed.
    ! mountpoint -q "$bed/export/small" || umount --lazy "$bed/export/small"
    if [ "$code" = 0 ] && [ -z "${KEEP:-}" ]; then
        rm -rf "$folder"
    else
        mv "$bed/export" "$folder/" || true
        say "the report, the logs and the shares are in $folder"
    fi
    rm -rf "$bed" "$bed-neighbour"
    exit "$code"
}
trap finish EXIT
scripts/bed.sh start "$bed"
scripts/bed.sh start "$bed-neighbour"
clang -O1 -shared -fPIC scripts/wall-clock.c -o "$bed/wall-clock.so"
[ -n "${ROUNDS:-}$seconds" ] || seconds=1200
export TESTBED=$bed TESTBED_NEIGHBOUR=$bed-neighbour TORTURE_FOLDER=$folder TORTURE_SEED=${SEED:-} TORTURE_ROUNDS=${ROUNDS:-} TORTURE_SECONDS=$seconds
export TORTURE_TOGETHER=${TOGETHER:-1} TORTURE_FLOOD=${CLAIMS:-0} TORTURE_FAULTS=${FAULTS:-}
export TORTURE_CLOCK=$bed/wall-clock.so
run_tests $((${seconds:-86400} / 60 + 30)) "$bed/test.log" --filter TortureTests
# Without its settings the suite would be skipped, which counts as passed.
[ -s "$folder/report.json" ] || die "the torture test did not run: there is no report"
