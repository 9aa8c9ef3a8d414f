#!/usr/bin/env bash
# Runs the NFS client and libnfs under valgrind, with 11,000 calls and 150 connections to a real server, a third of them
# cut off (Tests/NFSExercise). Fails on a memory leak or an invalid access.
#
#   valgrind.sh                runs the default of 100 sessions
#   SESSIONS=N valgrind.sh     runs N sessions of a hundred operations
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
# Builds without debug information, because Debian's valgrind cannot read all of it.
exercise=$(swift build --show-bin-path)/nfs-exercise
objcopy --strip-debug "$exercise" "$exercise-watched"
exercise+=-watched

# watch ARGUMENT…: runs the program under valgrind; exits with 9 if valgrind reports an error.
watch() {
    # Swift installs its own crash handlers, but valgrind needs the signals.
    SWIFT_BACKTRACE=enable=no valgrind --quiet --fair-sched=yes --num-callers=40 --leak-check=full --show-leak-kinds=definite \
        --errors-for-leak-kinds=definite --error-exitcode=9 --suppressions=scripts/suppressions/valgrind "$exercise" "$@"
}

seen=$(watch leak 2>&1) && die "valgrind does not detect a deliberate leak"
[[ $seen == *'definitely lost'* ]] || die "valgrind does not work: $seen"

start_temporary_bed valgrind
TESTBED=$bed watch "${SESSIONS:-100}" </dev/null
say "no leaks"
