# shellcheck shell=bash
# Running what `swift build --build-tests` has built, so that a run that hangs ends and shows where. Sourced after
# processes.sh, never run.

# run_tests MINUTES LOG OPTION…: `swift test` with its output on the terminal and in the log, line by line: what hangs has said
# all it had to say. After so many minutes it is stopped, and the tests that had not ended are named with what their threads
# were at. Fails also when no test ran.
run_tests() {
    local minutes=$1 log=$2 watch code=0
    shift 2
    watch_tests "$minutes" "$log" $$ >&2 &
    watch=$!
    # Without XCTest, of which there is none, the last lines are those of the tests that ran.
    stdbuf -oL swift test --skip-build --disable-xctest "$@" </dev/null 2>&1 | tee "$log" || code=$?
    kill "$watch" 2>/dev/null || true
    wait "$watch" || true
    [ "$code" = 0 ] || return "$code"
    grep -q '^[^ ]* Test run with [1-9]' "$log" || die "no test ran with: $*"
}

# watch_tests MINUTES LOG PARENT: stops the tests that the parent's `swift test` runs when their time is over.
watch_tests() {
    local minutes=$1 log=$2 parent=$3 deadline=$((SECONDS + $1 * 60)) runner tests pause
    # Whatever cannot be found out, what hangs is stopped in the end.
    set +e
    # A wait that has no process of its own, which would stay behind.
    exec {pause}<> <(:)
    while [ "$SECONDS" -lt "$deadline" ]; do
        kill -0 "$parent" 2>/dev/null || return 0
        read -rt 5 -u "$pause"
    done
    say "the tests did not end within $minutes minutes; these had not ended (or wait for their turn):"
    unfinished_tests "$log" | head -n 50
    runner=$(pgrep -P "$parent" -f 'swift-test')
    tests=$(pgrep -P "${runner:-0}" -f 'xctest|swiftpm-testing')
    [ -z "$tests" ] || show_threads "$tests"
    # shellcheck disable=SC2086 # none, or one
    kill -KILL $tests $runner
}

# show_threads PID: where each thread of a process is.
show_threads() {
    timeout --kill-after=5 300 scripts/install.sh debugger && timeout --kill-after=5 120 gdb -p "$1" -batch \
        -ex 'set print frame-arguments none' -ex 'thread apply all backtrace 12' 2>/dev/null |
        grep -E '^(Thread|#)' | cut -c -200
}

# unfinished_tests LOG: what has a line that it started and none that it ended.
unfinished_tests() {
    sed -nE '/^[^ ]* Test case /d; s/^[^ ]* Test (.*) started\.$/\1/p' "$1" | sort |
        comm -23 - <(sed -nE '/^[^ ]* Test case /d; s/.*[^ ] Test ("[^"]*"|[^ ]*).* (passed|failed) after .*/\1/p' "$1" | sort)
}
