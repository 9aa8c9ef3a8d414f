# shellcheck shell=bash
# Shared functions of the scripts that start servers: messages, free ports, and processes tracked by a pid file.
# Sourced, never run.

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

die() {
    say "$*"
    exit 1
}

# require_root: fails with a remedy unless the caller is root.
require_root() {
    [ "$(id -u)" = 0 ] || die "needs root (an NFS server and packages); run it as root, for instance with sudo"
}

# require_tools TOOL…: fails with a remedy if one is not on the PATH.
require_tools() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || die "$tool is not installed; scripts/install.sh installs it"
    done
}

require_swift() {
    command -v swift >/dev/null || die "no Swift on the PATH; install a toolchain for Swift 6.3 or later"
}

# free_ports COUNT: prints COUNT unused TCP ports, below the kernel's range for outgoing connections.
free_ports() {
    local count=$1 used port tables=(/proc/net/tcp)
    [ ! -r /proc/net/tcp6 ] || tables+=(/proc/net/tcp6)
    used=" $(awk 'FNR > 1 { sub(/.*:/, "", $2); print $2 }' "${tables[@]}" | tr '\n' ' ')"
    while [ "$count" -gt 0 ]; do
        port=$((20000 + SRANDOM % 12000))
        case $used in *" $(printf '%04X' "$port") "*) continue ;; esac
        used+="$(printf '%04X' "$port") "
        count=$((count - 1))
        echo "$port"
    done
}

# port_open PORT: checks whether a process accepts connections on loopback.
port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# process_start_time PID: prints ticks since boot, or nothing if the process does not exist or is a zombie.
# The name in the second field may contain blanks, so fields are counted after its closing parenthesis.
process_start_time() {
    local stat fields
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    read -ra fields <<<"${stat##*) }"
    [ "${fields[0]}" = Z ] || echo "${fields[19]}"
}

# spawn PIDFILE LOG COMMAND…: starts the command in its own session, without our standard streams and lock.
spawn() {
    local pid_file=$1 log=$2
    shift 2
    setsid "$@" </dev/null >>"$log" 2>&1 9>&- &
    echo "$! $(process_start_time $!)" >"$pid_file"
}

# running PIDFILE: checks whether the process of the file still runs; a reused pid does not count.
running() {
    local pid started
    { read -r pid started <"$1"; } 2>/dev/null && [ -n "$started" ] && [ "$(process_start_time "$pid")" = "$started" ]
}

# wait_until SECONDS COMMAND…: repeats the command until it succeeds; fails on timeout.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

not_running() { ! running "$1"; }

# stop_process PIDFILE: terminates the process, and kills it after five seconds. Resumes a suspended process first.
stop_process() {
    local pid
    if running "$1"; then
        read -r pid _ <"$1"
        kill -TERM "$pid" 2>/dev/null || true
        kill -CONT "$pid" 2>/dev/null || true
        if ! wait_until 5 not_running "$1"; then
            kill -KILL "$pid" 2>/dev/null || true
            wait_until 5 not_running "$1" || say "process $pid does not end"
        fi
    fi
    rm -f "$1"
}

# log_tail LOG: prints the last lines, to explain an error.
log_tail() {
    [ ! -s "$1" ] || {
        echo "--- last lines of $1" >&2
        tail -n 15 "$1" >&2
    }
}

# start_temporary_bed NAME: starts a test bed in a new folder, `bed`; the current folder must be the project's. When the
# script ends, the bed is stopped, and its folder removed unless the script fails.
start_temporary_bed() {
    bed=$(mktemp -d "${TMPDIR:-/tmp}/sb-nfs-provisioner-$1.XXXXXX")
    trap finish_temporary_bed EXIT
    scripts/bed.sh start "$bed"
}

finish_temporary_bed() {
    local code=$?
    scripts/bed.sh stop "$bed" || true
    if [ "$code" = 0 ]; then
        rm -rf "$bed"
    else
        say "failed; the logs are in $bed"
    fi
    exit "$code"
}
