#!/usr/bin/env bash
# Breaks everything that can break while claims are made, released, restored, grown, copied and purged, and changed by hand, and
# looks after each round whether anything is lost (docs/reliability.md).
#
#   torture.sh                        until each fault was there alone, then mixed, for 20 minutes
#   SECONDS=N or ROUNDS=N torture.sh  that long
#   SEED=N torture.sh                 the same operations and faults again
#   FAULTS=NAME,… torture.sh          these faults only
#   TOGETHER=N torture.sh             so many faults at the same time in the first rounds
#   CLAIMS=N torture.sh               so many claims at once in the end
#
# With BUILT=1 nothing is built. The report and the logs are in a folder that the last line names; they stay if it fails, or with KEEP=1.
set -euo pipefail
# bash counts the seconds since its start in that variable, from what it was given.
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
    # Left where the test itself has ended badly.
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
# Without its settings the suite would be skipped, and that would pass.
[ -s "$folder/report.json" ] || die "the torture has not run: there is no report"
