#!/usr/bin/env bash
# Lets valgrind watch the NFS client, and libnfs under it, at 11,000 calls and 150 connections to a real server, a third
# of which are cut off (Tests/NFSExercise): no memory may be lost, and none used that is not there.
#
#   valgrind.sh                that
#   SESSIONS=N valgrind.sh     N times a hundred operations
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

[[ ${SESSIONS:-100} =~ ^[1-9][0-9]*$ ]] || die "SESSIONS is a number of sessions, not \"$SESSIONS\""
require_root
require_swift
scripts/install.sh
scripts/install.sh valgrind
scripts/control-plane.sh >/dev/null
swift build --product nfs-exercise </dev/null
# Without debug information, some of which Debian's valgrind cannot read.
exercise=$(swift build --show-bin-path)/nfs-exercise
objcopy --strip-debug "$exercise" "$exercise-watched"
exercise+=-watched

# watch ARGUMENT…: runs it; 9 is what valgrind found something by.
watch() {
    # Swift sets its own handlers for what crashes, which valgrind needs for itself.
    SWIFT_BACKTRACE=enable=no valgrind --quiet --fair-sched=yes --num-callers=40 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --error-exitcode=9 --suppressions=scripts/suppressions/valgrind "$exercise" "$@"
}

seen=$(watch leak 2>&1) && die "valgrind does not see memory that is leaked on purpose"
[[ $seen == *'definitely lost'* ]] || die "valgrind does not work: $seen"

start_temporary_bed valgrind
TESTBED=$bed watch "${SESSIONS:-100}" </dev/null
say "nothing is lost"
