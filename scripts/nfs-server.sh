#!/usr/bin/env bash
# Runs a real NFS server (nfs-ganesha, NFSv3 and 4.0) on free ports of 127.0.0.1. Several can run at the same time.
#
#   nfs-server.sh start DIR EXPORT[:ro|:root_squash]…   serves the folders EXPORT; returns when it answers
#   nfs-server.sh stop DIR
#
# DIR holds all its state; DIR/nfs.env has NFS_PORT, NFS_MOUNT_PORT and NFS_PID. The server uses free ports, or $NFS_PORT
# and $NFS_MOUNT_PORT to restart on the same ones. It caches attributes for $NFS_ATTRIBUTE_SECONDS (default 0, because
# tests and people also change the exported folders directly). NFSv3 needs an rpcbind on the machine: if none runs, the
# script starts one, and stops it with the last server.
set -euo pipefail
# shellcheck source=scripts/processes.sh
. "$(dirname "$0")/processes.sh"

usage() {
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

# State that all servers of the machine share
common=/run/sb-nfs-provisioner

# Holds the lock, shared with other starts, until our server runs, so that no stop ends rpcbind before.
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
    # Ignores zombies, which may not have been reaped yet.
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

# Ganesha looks its exports up in the mount table, which has no entry for the root of a chroot that is not a mount point.
# In that case it gets its own mount namespace with a mounted root, outside DIR, because people remove DIR recursively.
enter_mounted_root() {
    [ -n "${own_namespace:-}" ] || own_namespace=1 exec unshare --mount --propagation unchanged "$0" within "$dir" "$@"
    mount --rbind / "$common/root"
    exec chroot "$common/root" "$@"
}

# An open port alone could belong to another process.
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
    # Ganesha keeps running without an export that it cannot serve.
    ! grep -q 'Could not create export' "$dir/ganesha.log" || return 1
    read -r pid _ <"$dir/nfs.pid"
    printf 'NFS_PORT=%s\nNFS_MOUNT_PORT=%s\nNFS_PID=%s\n' "$nfs_port" "$mount_port" "$pid" >"$dir/nfs.env"
}

stop_server() {
    stop_process "$dir/nfs.pid"
    # Visible outside its namespace only if the chroot's mounts are shared.
    ! mountpoint -q "$common/root" || umount --recursive --lazy "$common/root"
    rm -f "$dir/nfs.env"
    release_rpcbind
}

start() {
    local ports reason
    [ $# -gt 0 ] || usage
    require_root
    require_tools ganesha.nfsd rpcbind setsid flock
    ! running "$dir/nfs.pid" || die "a server is already running in $dir; stop it with: $0 stop $dir"
    mkdir -p "$dir/recovery"
    trap stop_server EXIT
    ensure_rpcbind
    for _ in 1 2 3; do
        mapfile -t ports < <(free_ports 2)
        if try_start "${NFS_PORT:-${ports[0]}}" "${NFS_MOUNT_PORT:-${ports[1]}}" "$@"; then
            trap - EXIT
            return
        fi
        # Filters out the messages that it always logs without D-Bus and Kerberos.
        reason=$(grep -E ' :(WARN|CRIT|MAJ|FATAL) :' "$dir/ganesha.log" |
            grep -vE ' :(DBUS|NFS CB) :|krb5|principal' || true)
        stop_process "$dir/nfs.pid"
        # Another process took the port before the bind. Only a port that this script chose can be replaced.
        [ -z "${NFS_PORT:-}${NFS_MOUNT_PORT:-}" ] || break
        grep -q 'Address already in use' "$dir/ganesha.log" || break
    done
    echo "${reason:-$(tail "$dir/ganesha.log")}" >&2
    die "the NFS server does not start (see the lines above and $dir/ganesha.log)"
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
