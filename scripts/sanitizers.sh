# shellcheck shell=bash
# Shared functions of the scripts that build with a sanitizer. Sourced in the project's folder, never run.

# build_sanitized address|thread: builds the tests with it in a separate folder, and sets `sanitized` to the options that
# select this build. With `address` it includes libFuzzer if the toolchain has it.
build_sanitized() {
    sanitized=(--sanitize "$1" --scratch-path ".build-$1")
    local fuzzer options=()
    fuzzer=$(swift -print-target-info | jq -r .paths.runtimeResourcePath)/clang/lib/linux/libclang_rt.fuzzer_no_main-$(uname -m).a
    if [ "$1" = address ] && [ -e "$fuzzer" ]; then
        options=(-Xswiftc "-sanitize-coverage=edge,trace-cmp,inline-8bit-counters,pc-table" -Xlinker --whole-archive
            -Xlinker "$fuzzer" -Xlinker --no-whole-archive -Xlinker -lstdc++ -Xlinker --export-dynamic)
    fi
    if [ "$1" = thread ]; then
        mkdir -p .build-thread
        clang -O1 -c scripts/tsan-mutex.c -o .build-thread/tsan-mutex.o
        options=(-Xlinker "$PWD/.build-thread/tsan-mutex.o")
    fi
    say "building with the sanitizer for $1 (a first build takes some 15 minutes on 2 cores)"
    # gold warns about each symbol of the sanitizer that it does not export.
    swift build --build-tests "${sanitized[@]}" "${options[@]}" </dev/null 2>&1 | grep -v 'Cannot export local symbol'
    sanitized+=("${options[@]}")
    # Swift's own backtrace adds nothing to a sanitizer's report, and can hang.
    export SWIFT_BACKTRACE=enable=no
}
