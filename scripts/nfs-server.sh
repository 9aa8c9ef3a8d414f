#!/usr/bin/env bash
# A real NFS server (nfs-ganesha, NFSv3 and 4.0) on free ports of 127.0.0.1, beside any other.
#
#   nfs-server.sh start DIR EXPORT[:ro|:root_squash]…   serves the folders EXPORT; returns when it answers
#   nfs-server.sh stop DIR
#
# Everything of it lives in DIR; DIR/nfs.env says NFS_PORT, NFS_MOUNT_PORT and NFS_PID. The ports are free ones, or
# those of $NFS_PORT and $NFS_MOUNT_PORT (a server that comes back where it was). It believes what it has cached of a file for
# $NFS_ATTRIBUTE_SECONDS (0: tests and people also change the exported folders behind its back). NFSv3 needs an rpcbind on the
# machine: where none runs, one is started, and stopped with the last server.
set -euo pipefail
# shellcheck source=scripts/processes.sh
. "$(dirname "$0")/processes.sh"

usage() {
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

# What all servers of the machine share.
common=/run/sb-nfs-provisioner

# The lock is held, shared with other starts, until our server runs, so that no stop takes rpcbind away before.
ensure_rpcbind() {
    mkdir -p "$common/root"
    exec 9>"$common/rpcbind.lock"
    flock 9
    if ! port_open 111; then
        # -f keeps it in the foreground, where its pid is known. No -h 127.0.0.1: rpcbind 1.2.6 aborts at it.
        spawn "$common/rpcbind.pid" "$common/rpcbind.log" rpcbind -f
        wait_until 10 port_open 111 || {
            log_tail "$common/rpcbind.log"
            die "rpcbind does not start"
        }
    fi
    flock -s 9
}

release_rpcbind() {
    [ -e "$common/rpcbind.pid" ] || return 0
    exec 9>"$common/rpcbind.lock"
    flock -n 9 || return 0
    # Not counting zombies, which nobody may have collected yet.
    pgrep -r D,R,S,T -x ganesha.nfsd >/dev/null || stop_process "$common/rpcbind.pid"
}

# write_configuration NFS_PORT MOUNT_PORT EXPORT…
write_configuration() {
    local nfs_port=$1 mount_port=$2 id=0 spec folder access squash
    shift 2
    cat <<CORE
NFS_CORE_PARAM {
    NFS_Port = $nfs_port; MNT_Port = $mount_port; Bind_addr = 127.0.0.1; Enable_UDP = false; Protocols = 3,4;
    Enable_NLM = false; Enable_RQUOTA = false; mount_path_pseudo = true;
}
NFSv4 { Grace_Period = 5; Lease_Lifetime = 5; RecoveryBackend = fs; RecoveryRoot = "$dir/recovery"; }
EXPORT_DEFAULTS { Attr_Expiration_Time = ${NFS_ATTRIBUTE_SECONDS:-0}; }
CORE
    for spec in "$@"; do
        id=$((id + 1)) folder=$spec access=RW squash=No_Root_Squash
        case $spec in
            *:ro) folder=${spec%:ro} access=RO ;;
            *:root_squash) folder=${spec%:root_squash} squash=Root_Squash ;;
        esac
        [ -d "$folder" ] || die "no folder $folder to export"
        folder=$(cd "$folder" && pwd -P)
        cat <<BLOCK
EXPORT {
    Export_Id = $id; Path = "$folder"; Pseudo = "$folder"; Access_Type = $access; Squash = $squash;
    SecType = sys; Protocols = 3,4; Transports = TCP; FSAL { Name = VFS; }
}
BLOCK
    done
}

# Ganesha looks its exports up in the table of mounts, where a chroot that is no mount has no entry for its root. There
# it gets a mount namespace of its own, and in it a root that is one; not within DIR, which people remove as a whole.
enter_mounted_root() {
    [ -n "${own_namespace:-}" ] || own_namespace=1 exec unshare --mount --propagation unchanged "$0" within "$dir" "$@"
    mount --rbind / "$common/root"
    exec chroot "$common/root" "$@"
}

# An open port alone could be another process's.
answers_or_ended() {
    { grep -q 'NFS SERVER INITIALIZED' "$dir/ganesha.log" && port_open "$1" && port_open "$2"; } ||
        not_running "$dir/nfs.pid"
}

# try_start NFS_PORT MOUNT_PORT EXPORT…
try_start() {
    local nfs_port=$1 mount_port=$2 pid within=()
    findmnt --target "$dir" >/dev/null || within=("$0" within "$dir")
    write_configuration "$@" >"$dir/ganesha.conf"
    : >"$dir/ganesha.log"
    spawn "$dir/nfs.pid" "$dir/ganesha.log" "${within[@]}" \
        ganesha.nfsd -F -f "$dir/ganesha.conf" -L "$dir/ganesha.log" -p "$dir/ganesha.pid"
    wait_until 30 answers_or_ended "$nfs_port" "$mount_port" && running "$dir/nfs.pid" || return 1
    # It runs on without an export that it cannot serve.
    ! grep -q 'Could not create export' "$dir/ganesha.log" || return 1
    read -r pid _ <"$dir/nfs.pid"
    printf 'NFS_PORT=%s\nNFS_MOUNT_PORT=%s\nNFS_PID=%s\n' "$nfs_port" "$mount_port" "$pid" >"$dir/nfs.env"
}

stop_server() {
    stop_process "$dir/nfs.pid"
    # Seen from outside its namespace only where the chroot's mounts are shared with others.
    ! mountpoint -q "$common/root" || umount --recursive --lazy "$common/root"
    rm -f "$dir/nfs.env"
    release_rpcbind
}

start() {
    local ports reason
    [ $# -gt 0 ] || usage
    require_root
    require_tools ganesha.nfsd rpcbind setsid flock
    ! running "$dir/nfs.pid" || die "a server runs in $dir already; stop it with: $0 stop $dir"
    mkdir -p "$dir/recovery"
    trap stop_server EXIT
    ensure_rpcbind
    for _ in 1 2 3; do
        mapfile -t ports < <(free_ports 2)
        if try_start "${NFS_PORT:-${ports[0]}}" "${NFS_MOUNT_PORT:-${ports[1]}}" "$@"; then
            trap - EXIT
            return
        fi
        # Without what it always says where there is neither D-Bus nor Kerberos.
        reason=$(grep -E ' :(WARN|CRIT|MAJ|FATAL) :' "$dir/ganesha.log" |
            grep -vE ' :(DBUS|NFS CB) :|krb5|principal' || true)
        stop_process "$dir/nfs.pid"
        # Somebody else took the port between the choice and the bind; only a port of our own choice can be another one.
        [ -z "${NFS_PORT:-}${NFS_MOUNT_PORT:-}" ] || break
        grep -q 'Address already in use' "$dir/ganesha.log" || break
    done
    echo "${reason:-$(tail "$dir/ganesha.log")}" >&2
    die "the NFS server does not start (see the lines above, or all of them in $dir/ganesha.log)"
}

[ $# -ge 2 ] || usage
command=$1 dir=$(realpath -m "$2")
shift 2
case $command in
    start) start "$@" ;;
    stop) stop_server ;;
    within) enter_mounted_root "$@" ;;
    *) usage ;;
esac
