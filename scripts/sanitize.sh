#!/usr/bin/env bash
# Runs the tests with the address sanitizer and with the thread sanitizer, on a test bed of their own.
#
#   sanitize.sh                         the tests of the libraries that do most with threads and memory
#   FILTER=REGEX sanitize.sh            those whose name matches
#   SANITIZERS="address thread" …       one of the two, or both (both)
#
# Nothing of the project's is suppressed: scripts/suppressions says of each leak whose it is.
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
[ ${#failed[@]} = 0 ] || die "not clean: ${failed[*]}"
