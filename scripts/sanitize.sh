#!/usr/bin/env bash
# Runs the tests with the address sanitizer and with the thread sanitizer, on their own test bed.
#
#   sanitize.sh                         runs the tests of the libraries that use threads and memory most
#   FILTER=REGEX sanitize.sh            runs the tests whose names match
#   SANITIZERS="address thread" …       uses one of the two, or both (both)
#
# No report about the project's own code is suppressed: scripts/suppressions names the origin of each suppressed leak.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh
# shellcheck source=scripts/sanitizers.sh
. scripts/sanitizers.sh
# shellcheck source=scripts/tests.sh
. scripts/tests.sh

require_root
require_swift
scripts/install.sh
scripts/install.sh browser
scripts/control-plane.sh >/dev/null
scripts/manifest-tools.sh >/dev/null
export LSAN_OPTIONS=suppressions=$PWD/scripts/suppressions/leaks:print_suppressions=0
read -ra sanitizers <<<"${SANITIZERS:-address thread}"
start_temporary_bed sanitize
filter=${FILTER:-^(NFSTests|ControllerKitTests|KubernetesTests|ProvisioningTests|BackupTests|FuzzTests)\.}
failed=()
for sanitizer in "${sanitizers[@]}"; do
    build_sanitized "$sanitizer"
    say "testing with the sanitizer for $sanitizer"
    TESTBED=$bed run_tests 120 "$bed/sanitize.log" "${sanitized[@]}" --experimental-maximum-parallelization-width 4 \
        --filter "$filter" || failed+=("$sanitizer")
done
[ ${#failed[@]} = 0 ] || die "reports from: ${failed[*]}"
