# shellcheck shell=bash
# Runs the tests that `swift build --build-tests` has built. A run that hangs is stopped, with its threads' stacks. Sourced
# after processes.sh, never run.

# run_tests MINUTES LOG OPTION…: runs `swift test` with its output on the terminal and in the log, line-buffered, so that
# the log of a hanging test is complete. After MINUTES it stops the run, and prints the tests that had not ended and the
# stacks of their threads. Also fails if no test ran.
run_tests() {
    local minutes=$1 log=$2 watch code=0
    shift 2
    watch_tests "$minutes" "$log" $$ >&2 &
    watch=$!
    # There are no XCTest tests; without that run, the last lines are those of the tests that ran.
    stdbuf -oL swift test --skip-build --disable-xctest "$@" </dev/null 2>&1 | tee "$log" || code=$?
    kill "$watch" 2>/dev/null || true
    wait "$watch" || true
    [ "$code" = 0 ] || return "$code"
    grep -q '^[^ ]* Test run with [1-9]' "$log" || die "no test ran with: $*"
}

# watch_tests MINUTES LOG PARENT: stops the tests of the parent's `swift test` after MINUTES.
watch_tests() {
    local minutes=$1 log=$2 parent=$3 deadline=$((SECONDS + $1 * 60)) runner tests pause
    # Stops a hanging run even if the diagnosis fails.
    set +e
    # Waits without a child process, which would be left behind.
    exec {pause}<> <(:)
    while [ "$SECONDS" -lt "$deadline" ]; do
        kill -0 "$parent" 2>/dev/null || return 0
        read -rt 5 -u "$pause"
    done
    say "the tests did not end within $minutes minutes; these were running or waiting to run:"
    unfinished_tests "$log" | head -n 50
    runner=$(pgrep -P "$parent" -f 'swift-test')
    tests=$(pgrep -P "${runner:-0}" -f 'xctest|swiftpm-testing')
    [ -z "$tests" ] || show_threads "$tests"
    # shellcheck disable=SC2086 # none, or one
    kill -KILL $tests $runner
}

# show_threads PID: prints the stack of each thread of a process.
show_threads() {
    timeout --kill-after=5 300 scripts/install.sh debugger && timeout --kill-after=5 120 gdb -p "$1" -batch \
        -ex 'set print frame-arguments none' -ex 'thread apply all backtrace 12' 2>/dev/null |
        grep -E '^(Thread|#)' | cut -c -200
}

# unfinished_tests LOG: prints the tests that started but did not end.
unfinished_tests() {
    sed -nE '/^[^ ]* Test case /d; s/^[^ ]* Test (.*) started\.$/\1/p' "$1" | sort |
        comm -23 - <(sed -nE '/^[^ ]* Test case /d; s/.*[^ ] Test ("[^"]*"|[^ ]*).* (passed|failed) after .*/\1/p' "$1" | sort)
}
