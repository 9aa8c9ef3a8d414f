#!/usr/bin/env bash
# Runs the tests on a test bed of their own, and stops it whatever happens.
#
#   test.sh               all tests, and a short torture
#   FILTER=REGEX test.sh  those whose name matches
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
# shellcheck source=scripts/tests.sh
. scripts/tests.sh

require_root
require_swift
scripts/install.sh
scripts/install.sh browser
scripts/install.sh sbom
scripts/control-plane.sh >/dev/null
scripts/manifest-tools.sh >/dev/null
say "building (a first build takes some 6 minutes on 2 cores)"
swift build --build-tests </dev/null

start_temporary_bed test
# A test here is often a whole controller: more of them at once than this only wait for each other's processor time.
width=$((4 * $(nproc)))
# What a test or its browser leaves behind goes with the bed.
mkdir "$bed/tmp"
TMPDIR=$bed/tmp TESTBED=$bed run_tests 40 "$bed/test.log" --experimental-maximum-parallelization-width "$width" \
    ${FILTER:+--filter "$FILTER"}
# On a bed of its own, whose servers it stops.
[ -n "${FILTER:-}" ] || BUILT=1 SECONDS=150 TOGETHER=3 scripts/torture.sh
