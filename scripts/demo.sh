#!/usr/bin/env bash
# Provisions and archives a volume on a real control plane: a claim is bound to a directory on the NFS server; when the
# claim is deleted, the directory is archived with its files. Prints the command of every step.
#
#   demo.sh          runs the demo, then stops everything
#   KEEP=1 demo.sh   leaves everything running, and prints how to use it
#   demo.sh stop     stops the processes and removes their state
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

state=${XDG_STATE_HOME:-$HOME/.local/state}/sb-nfs-provisioner/demo
bed=$state/bed
bold='' plain=''
[ ! -t 1 ] || bold=$'\e[1m' plain=$'\e[0m'

step() { printf '\n%s── %s%s\n' "$bold" "$*" "$plain"; }

# run COMMAND…: prints the command as you would type it, then runs it.
run() {
    local word line='$'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_./:=,-]*) word="'$word'" ;; esac
        line+=" $word"
    done
    printf '\n%s%s%s\n' "$bold" "$line" "$plain"
    "$@" 2>&1
}

kubectl() { "$KUBECTL" --kubeconfig "$KUBECONFIG" --cache-dir "$state/kubectl" "$@"; }

# share [PATH]: prints the address of a path on the share, for libnfs's tools.
share() { echo "nfs://$NFS_SERVER$EXPORT_A${1:-}?nfsport=$NFS_PORT&mountport=$NFS_MOUNT_PORT"; }

expect() {
    local what=$1
    shift
    wait_until 60 "$@" || {
        log_tail "$state/controller.log"
        die "expected within a minute, but not seen: $what"
    }
}

claim_bound() { [ "$(kubectl get pvc sample -o 'jsonpath={.status.phase}')" = Bound ]; }

events_of_volume() { kubectl get events --field-selector "involvedObject.name=$volume" -o name | grep -q .; }

volume_gone() {
    local found
    found=$(kubectl get pv "$volume" --ignore-not-found -o name) && [ -z "$found" ]
}

controller_ready() {
    running "$state/controller.pid" || die "the controller ended: $(tail -n 5 "$state/controller.log")"
    curl -fs -o /dev/null "http://$http_address/readyz"
}

build() {
    scripts/install.sh
    say "building (a first build takes some 6 minutes on 2 cores)"
    swift build --product sb-nfs-provisioner </dev/null
}

start_bed() {
    mkdir -p "$state"
    stop_process "$state/controller.pid"
    scripts/bed.sh start "$bed"
    # shellcheck source=/dev/null
    . "$bed/bed.env"
}

# No node runs the Deployment's pods, so the controller is a local process with the manifests' environment settings and
# the credentials of their ServiceAccount.
start_controller() {
    local environment
    http_address=127.0.0.1:$(free_ports 1)
    environment=(
        "NFS_SERVER=$NFS_SERVER" "NFS_PATH=$EXPORT_A"
        "NFS_MOUNT_OPTIONS=port=$NFS_PORT,mountport=$NFS_MOUNT_PORT"
        "KUBECONFIG=$CONTROLLER_KUBECONFIG" "POD_NAMESPACE=$POD_NAMESPACE" POD_NAME=demo
        "HTTP_ADDRESS=$http_address"
    )
    printf '\n%s$ env \\\n' "$bold"
    printf '    %s \\\n' "${environment[@]}"
    printf '    sb-nfs-provisioner controller &%s\n' "$plain"
    spawn "$state/controller.pid" "$state/controller.log" \
        env "${environment[@]}" "$(swift build --show-bin-path)/sb-nfs-provisioner" controller
    expect "the controller is ready" controller_ready
}

provision() {
    step "A component asks for storage; it names no class, so the default one serves it"
    run kubectl apply -f manifests/samples/claim.yaml
    expect "the claim is Bound" claim_bound
    run kubectl get pvc,pv
    run kubectl describe pvc sample
    volume=$(kubectl get pvc sample -o 'jsonpath={.spec.volumeName}')
    directory=$(kubectl get pv "$volume" -o 'jsonpath={.spec.nfs.path}')
    directory=${directory##*/}
}

write_file() {
    step "It writes a file into its volume, over NFS"
    echo "written by the component that claimed $directory" >"$state/note.txt"
    run nfs-cp "$state/note.txt" "$(share "/$directory/note.txt")"
    run nfs-ls "$(share)"
    run nfs-ls "$(share "/$directory")"
}

release() {
    step "The claim is deleted: its volume goes, its directory is archived with the file in it"
    run kubectl delete pvc sample
    expect "the volume is gone" volume_gone
    run kubectl get pvc,pv
    expect "an event on the volume" events_of_volume
    run kubectl get events --field-selector "involvedObject.name=$volume"
    run nfs-ls "$(share)"
    run nfs-cat "$(share "/archived-$directory/note.txt")" | tee "$state/output"
    grep -qxFf "$state/note.txt" "$state/output" || die "the archived directory lacks the file, or its content differs"
}

say_how_to_use() {
    cat <<USE

${bold}Everything is left running.${plain} To try it yourself:

    export KUBECONFIG=$KUBECONFIG POD_NAMESPACE=$POD_NAMESPACE
    export NFS_SERVER=$NFS_SERVER NFS_PATH=$EXPORT_A NFS_MOUNT_OPTIONS=port=$NFS_PORT,mountport=$NFS_MOUNT_PORT
    alias kubectl=$KUBECTL
    alias sb-nfs=$(swift build --show-bin-path)/sb-nfs-provisioner
    kubectl apply -f manifests/samples/claim.yaml
    kubectl get pvc,pv
    sb-nfs archive list

docs/tutorial.md goes on from here.

The share's folder on the server:  $EXPORT_A
The controller's log:              $state/controller.log
To stop it all:                    make clean-demo
USE
}

stop() {
    stop_process "$state/controller.pid"
    scripts/bed.sh stop "$bed"
}

finish() {
    local code=$?
    stop
    if [ "$code" = 0 ]; then
        rm -rf "$state"
    else
        say "failed; the logs are in $state"
    fi
    exit "$code"
}

demo() {
    require_root
    require_swift
    ! scripts/bed.sh status "$bed" >/dev/null || die "a demo is already running (in $state); stop it with: make clean-demo"
    build
    trap finish EXIT
    start_bed
    step "The manifests are applied; the class sb-managed-nfs-storage is the cluster's default"
    run kubectl apply -k "$MANIFESTS"
    run kubectl get storageclass
    step "The controller starts"
    start_controller
    provision
    write_file
    release
    step "Done: provisioned, bound, used, released, archived."
    case ${KEEP:-} in '' | 0 | no | false) exit 0 ;; esac
    trap - EXIT
    say_how_to_use
}

case ${1:-} in
    '') demo ;;
    stop)
        stop
        rm -rf "$state"
        ;;
    *)
        sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
