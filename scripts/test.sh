#!/usr/bin/env bash
# Runs the tests on their own test bed, and always stops the bed afterwards.
#
#   test.sh               runs all tests, and a short torture run
#   FILTER=REGEX test.sh  runs the tests whose names match
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
# Many tests run a complete controller: more in parallel would only compete for the processors.
width=$((4 * $(nproc)))
# Files that a test or its browser leaves behind are removed with the bed.
mkdir "$bed/tmp"
TMPDIR=$bed/tmp TESTBED=$bed run_tests 40 "$bed/test.log" --experimental-maximum-parallelization-width "$width" \
    ${FILTER:+--filter "$FILTER"}
# Uses its own bed, because it stops the servers.
[ -n "${FILTER:-}" ] || BUILT=1 SECONDS=150 TOGETHER=3 scripts/torture.sh
