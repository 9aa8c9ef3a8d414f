#!/usr/bin/env bash
# The test bed: a real Kubernetes control plane without nodes and a real NFS server, on free ports of 127.0.0.1.
# It applies the real manifests, so the controller runs under its own ServiceAccount and RBAC.
#
#   bed.sh start DIR     starts a fresh bed with all its state in DIR (a new or empty folder, or one of an earlier bed)
#   bed.sh stop DIR      stops every process; logs and exported folders stay until the next start
#   bed.sh status DIR    prints which processes run; succeeds if all do
#   bed.sh halt DIR etcd|api-server|controller-manager     stops this process, for tests of its absence
#   bed.sh resume DIR etcd|api-server|controller-manager   starts it again with the same state and ports
#
# DIR/bed.env exists while the bed is ready, and holds KEY=value lines:
#   KUBECONFIG (administrator, by token), CERTIFICATE_KUBECONFIG (administrator, by client certificate),
#   CONTROLLER_KUBECONFIG, API_SERVER, ETCD (its address), POD_NAMESPACE, MANIFESTS (the applied folder), KUBECTL,
#   ASSETS (the folder of the control plane's programs), NFS_SERVER, NFS_PORT, NFS_MOUNT_PORT, and the exports: EXPORT_A
#   and EXPORT_B (writable), EXPORT_RO (read-only), EXPORT_SQUASH (root_squash)
#
# DIR/audit.log is the API server's audit log. It covers only ServiceAccounts in the namespace "audited", to save time.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/processes.sh
. "$scripts/processes.sh"

namespace=sb-nfs-provisioner account=sb-nfs-provisioner
processes=(controller-manager api-server etcd)

usage() {
    sed -n '2,17s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

kubectl() { "$assets/kubectl" --kubeconfig "$dir/admin.kubeconfig" --cache-dir "$dir/kubectl" "$@"; }

# bring_up NAME FUNCTION: starts one of the bed's processes with the function, which chooses its ports. Tries other ports
# if another process takes one of them first.
bring_up() {
    local log=$dir/$1.log
    for _ in 1 2 3; do
        : >"$log"
        "$2" && return
        stop_process "$dir/$1.pid"
        grep -q 'address already in use' "$log" || break
    done
    log_tail "$log"
    die "$1 does not start (see the lines above)"
}

# launch NAME COMMAND…: starts one of the bed's processes, with a log and a pid file of its name.
launch() {
    local name=$1
    shift
    printf '%q ' "$@" >"$dir/$name.command"
    spawn "$dir/$name.pid" "$dir/$name.log" "$@"
}

passes_or_ended() {
    local name=$1
    shift
    "$@" >/dev/null 2>&1 || not_running "$dir/$name.pid"
}

# await NAME CHECK…: waits until the check of this process succeeds, or the process has ended.
await() {
    local name=$1
    wait_until 60 passes_or_ended "$@" && running "$dir/$name.pid"
}

prepare_folder() {
    case $dir in *[[:space:]\"]*) die "$dir has a blank or a quote in its name; choose another folder" ;; esac
    [ ! -d "$dir" ] || [ -e "$dir/.bed" ] || [ -z "$(ls -A "$dir")" ] ||
        die "$dir holds other files; give a new folder, an empty one, or one of an earlier bed"
    status >/dev/null && die "a bed is already running in $dir; stop it with: $0 stop $dir"
    stop
    rm -rf "$dir"
    mkdir -p "$dir"/{etcd,pki,nfs} "$dir"/export/{a,b,ro,squash}
    touch "$dir/.bed"
}

# certificate NAME SUBJECT EXTENSION…: creates a key and a certificate in pki/. The first one signs itself and the others.
certificate() {
    local file=$dir/pki/$1 subject=$2 extension options=()
    shift 2
    for extension in "$@"; do options+=(-addext "$extension"); done
    [ ! -e "$dir/pki/ca.crt" ] || options+=(-CA "$dir/pki/ca.crt" -CAkey "$dir/pki/ca.key")
    openssl req -x509 -config <(printf '[req]\ndistinguished_name=none\n[none]\n') -newkey ec \
        -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "$subject" "${options[@]}" \
        -keyout "$file.key" -out "$file.crt" 2>"$dir/openssl.log" || {
        log_tail "$dir/openssl.log"
        die "openssl cannot make the certificate $file.crt"
    }
}

write_credentials() {
    admin_token=$(openssl rand -hex 16)
    certificate ca /CN=bed-ca basicConstraints=critical,CA:true keyUsage=critical,keyCertSign
    certificate server /CN=kube-apiserver extendedKeyUsage=serverAuth \
        subjectAltName=IP:127.0.0.1,IP:10.0.0.1,DNS:localhost,DNS:kubernetes.default.svc
    certificate admin /O=system:masters/CN=admin extendedKeyUsage=clientAuth
    openssl genpkey -algorithm ec -pkeyopt ec_paramgen_curve:prime256v1 -out "$dir/pki/accounts.key"
    openssl pkey -in "$dir/pki/accounts.key" -pubout -out "$dir/pki/accounts.pub"
    echo "$admin_token,admin,admin,system:masters" >"$dir/pki/tokens.csv"
}

write_audit_policy() {
    cat >"$dir/audit.yaml" <<POLICY
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata, userGroups: ["system:serviceaccounts:audited"]}, {level: None}]
POLICY
}

# write_kubeconfig FILE USER: USER is the user entry in YAML flow style.
write_kubeconfig() {
    cat >"$dir/$1" <<CONFIG
apiVersion: v1
kind: Config
current-context: bed
contexts: [{name: bed, context: {cluster: bed, user: bed}}]
clusters: [{name: bed, cluster: {server: "$api_server", certificate-authority-data: $(base64 -w0 "$dir/pki/ca.crt")}}]
users: [{name: bed, user: $2}]
CONFIG
}

start_etcd() {
    local ports peer
    mapfile -t ports < <(free_ports 2)
    etcd=http://127.0.0.1:${ports[0]} peer=http://127.0.0.1:${ports[1]}
    launch etcd "$assets/etcd" --name bed --data-dir "$dir/etcd" --unsafe-no-fsync --log-level warn \
        --listen-client-urls "$etcd" --advertise-client-urls "$etcd" \
        --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "bed=$peer"
    await etcd curl -fs "$etcd/health"
}

start_api_server() {
    api_server=https://127.0.0.1:$(free_ports 1)
    write_kubeconfig admin.kubeconfig "{token: $admin_token}"
    launch api-server "$assets/kube-apiserver" --etcd-servers "$etcd" --secure-port "${api_server##*:}" \
        --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --endpoint-reconciler-type none \
        --cert-dir "$dir/pki" --tls-cert-file "$dir/pki/server.crt" --tls-private-key-file "$dir/pki/server.key" \
        --client-ca-file "$dir/pki/ca.crt" --token-auth-file "$dir/pki/tokens.csv" --authorization-mode RBAC \
        --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$dir/pki/accounts.pub" \
        --service-account-signing-key-file "$dir/pki/accounts.key" --service-cluster-ip-range 10.0.0.0/24 \
        --audit-policy-file "$dir/audit.yaml" --audit-log-path "$dir/audit.log"
    await api-server kubectl get --raw /readyz
}

# With the default of 20 requests a second, a burst of claims would measure only this limit.
start_controller_manager() {
    local help options=()
    # Up to Kubernetes 1.23 it also listens on a fixed port without TLS, on which two beds would collide.
    help=$("$assets/kube-controller-manager" --help 2>&1)
    [[ $help != *' --port '* ]] || options=(--port 0)
    launch controller-manager "$assets/kube-controller-manager" --kubeconfig "$dir/admin.kubeconfig" \
        --bind-address 127.0.0.1 --secure-port "$(free_ports 1)" --cert-dir "$dir/pki/controller-manager" "${options[@]}" \
        --service-account-private-key-file "$dir/pki/accounts.key" --root-ca-file "$dir/pki/ca.crt" \
        --leader-elect=false --kube-api-qps 1000 --kube-api-burst 1000
    await controller-manager kubectl get serviceaccount default
}

# apply FOLDER: applies a kustomization.
apply() {
    kubectl apply -k "$scripts/../$1" >>"$dir/manifests.log" 2>&1 || {
        log_tail "$dir/manifests.log"
        die "the API server does not accept $1 (see the lines above)"
    }
}

# Chooses the manifests for a cluster of this version; a build of Debian's sources does not know its version.
apply_manifests() {
    manifests=manifests/base
    grep -x policy/v1 <(kubectl api-versions) >/dev/null || manifests=manifests/overlays/before-1.22
    apply "$manifests"
    apply manifests/reports
    kubectl create namespace audited >>"$dir/manifests.log"
}

# Writes kubeconfigs for the administrator, by certificate, and for the controller, by a token of its ServiceAccount, as a
# pod of the Deployment would get.
write_other_kubeconfigs() {
    local token
    write_kubeconfig certificate.kubeconfig "{client-certificate-data: $(base64 -w0 "$dir/pki/admin.crt"),
        client-key-data: $(base64 -w0 "$dir/pki/admin.key")}"
    token=$(kubectl create --raw "/api/v1/namespaces/$namespace/serviceaccounts/$account/token" -f - <<<'
        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 31536000}}' |
        jq -r .status.token)
    write_kubeconfig controller.kubeconfig "{token: $token}"
}

write_environment() {
    cat - "$dir/nfs/nfs.env" >"$dir/bed.env.new" <<ENVIRONMENT
KUBECONFIG=$dir/admin.kubeconfig
CERTIFICATE_KUBECONFIG=$dir/certificate.kubeconfig
CONTROLLER_KUBECONFIG=$dir/controller.kubeconfig
API_SERVER=$api_server
ETCD=$etcd
POD_NAMESPACE=$namespace
MANIFESTS=$manifests
KUBECTL=$assets/kubectl
ASSETS=$assets
NFS_SERVER=127.0.0.1
EXPORT_A=$dir/export/a
EXPORT_B=$dir/export/b
EXPORT_RO=$dir/export/ro
EXPORT_SQUASH=$dir/export/squash
ENVIRONMENT
    mv "$dir/bed.env.new" "$dir/bed.env"
}

start() {
    require_root
    require_tools curl jq openssl setsid flock ganesha.nfsd rpcbind
    assets=$("$scripts/control-plane.sh" | tail -n 1)
    # Values from an earlier bed.env would request the ports of that bed.
    unset NFS_PORT NFS_MOUNT_PORT
    umask 077
    prepare_folder
    chmod -R a+rX "$dir/export"
    trap stop EXIT
    write_credentials
    write_audit_policy
    "$scripts/nfs-server.sh" start "$dir/nfs" "$dir/export/a" "$dir/export/b" "$dir/export/ro:ro" \
        "$dir/export/squash:root_squash"
    bring_up etcd start_etcd
    bring_up api-server start_api_server
    bring_up controller-manager start_controller_manager
    apply_manifests
    write_other_kubeconfigs
    write_environment
    trap - EXIT
    say "ready: $dir/bed.env"
}

stop() {
    local name
    rm -f "$dir/bed.env"
    for name in "${processes[@]}"; do stop_process "$dir/$name.pid"; done
    "$scripts/nfs-server.sh" stop "$dir/nfs"
}

status() {
    local name all=0
    for name in "${processes[@]}" nfs/nfs; do
        if running "$dir/$name.pid"; then
            echo "${name##*/} runs"
        else
            echo "${name##*/} does not run"
            all=1
        fi
    done
    return $all
}

halt() { stop_process "$dir/$name.pid"; }

resume() {
    local words
    [ -e "$dir/$name.command" ] || die "no bed was started in $dir, or it has no process $name"
    running "$dir/$name.pid" && die "$name is already running"
    # printf %q wrote this file.
    eval "words=($(<"$dir/$name.command"))"
    launch "$name" "${words[@]}"
}

[ $# -ge 2 ] || usage
command=$1 dir=$(realpath -m "$2") name=${3:-}
case $command:$# in
    start:2 | stop:2 | status:2 | halt:3 | resume:3) "$command" ;;
    *) usage ;;
esac
