#!/usr/bin/env bash
# Builds the image and runs its program as the manifests do: with their user, capabilities and sysctl, a read-only root
# file system and the ServiceAccount's token. On a test bed in its own network it provisions a claim and archives it.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

image=localhost/sb-nfs-provisioner:test
# A chroot that is not a mount point has no mount to change.
propagation=private
findmnt --target / >/dev/null || propagation=unchanged

kubectl() { "$KUBECTL" --kubeconfig "$KUBECONFIG" --cache-dir "$state/kubectl" "$@"; }

check() {
    local what=$1
    shift
    "$@" >/dev/null || die "check failed: $what"
    say "ok: $what"
}

expect() {
    local what=$1
    shift
    wait_until 60 "$@" || {
        log_tail "$state/controller.log"
        die "not within a minute: $what"
    }
    say "ok: $what"
}

# pod MANIFESTS FILTER: prints a value from the pod template of the Deployment there.
pod() { jq -r ".spec.template.spec | $2" "$state/$(basename "$1").json"; }

# kubectl converts the manifests to JSON; the API server need not know all of their kinds.
read_deployment() {
    kubectl kustomize "$1" | awk -v RS='---\n' '/\nkind: Deployment\n/' |
        kubectl create --dry-run=client --validate=false -o json -f - >"$state/$(basename "$1").json"
}

check_image() {
    local config=$state/config.json
    check "its program starts by itself, as a user without rights" \
        jq -e '.config | .Entrypoint == ["/usr/local/bin/sb-nfs-provisioner"] and .User == "65532:65532"' "$config"
    # shellcheck disable=SC2016 # a variable of jq's
    check "it has its labels" \
        jq -e --arg revision "$(git rev-parse HEAD)" '.config.Labels | with_entries(.key |= ltrimstr("org.opencontainers.image."))
            | .title == "sb-nfs-provisioner" and .revision == $revision and .licenses == "Apache-2.0" and .description != ""
            and has("source") and (.version | test("^[0-9]+[.][0-9]+[.][0-9]+"))' "$config"
    check "it says the version of its label" \
        [ "$(unshare --mount --propagation "$propagation" "$0" contained "$root" "$state" /usr/local/bin/sb-nfs-provisioner version)" = \
        "$(jq -r '.config.Labels["org.opencontainers.image.version"]' "$config")" ]
    check "it has no compiler" [ ! -e "$root/usr/bin/cc" ]
    check "it has no backtracer, which shows memory" [ -z "$(find "$root" -name 'swift-backtrace*')" ]
    check "what it holds can be listed, each with a licence" scripts/sbom.sh .build/sbom.cdx.json "$root"
}

# Creates what kubelet would mount: the configuration and the ServiceAccount.
write_mounts() {
    mkdir -p "$state/configuration" "$state/account"
    echo "workers: 4" >"$state/configuration/config.yaml"
    sed -n 's/.*token: \([^}]*\)}.*/\1/p' "$CONTROLLER_KUBECONFIG" >"$state/account/token"
    cp "$bed/pki/ca.crt" "$state/account/ca.crt"
    printf %s "$POD_NAMESPACE" >"$state/account/namespace"
    chmod -R a+rX "$state/configuration" "$state/account"
    mkdir -p "$root/etc/sb-nfs-provisioner" "$root/run/secrets/kubernetes.io/serviceaccount"
}

# Mounts the container's root in a mount namespace, and replaces itself with COMMAND there.
contained() {
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --bind -o ro "$state/configuration" "$root/etc/sb-nfs-provisioner"
    mount --bind -o ro "$state/account" "$root/run/secrets/kubernetes.io/serviceaccount"
    exec chroot "$root" "$@"
}

start_controller() {
    local manifests=$1 environment arguments capabilities
    http_address=127.0.0.1:$(free_ports 1)
    mapfile -t environment < <(pod "$manifests" '.containers[0].env[] | select(.value) | "\(.name)=\(.value)"')
    mapfile -t arguments < <(pod "$manifests" '.containers[0].args[]')
    capabilities=$(pod "$manifests" '[.containers[0].securityContext.capabilities.add // [] | .[] | ",+\(ascii_downcase)"] | add // ""')
    sysctl -qw net.ipv4.ip_unprivileged_port_start="$(pod "$manifests" '.securityContext.sysctls // [{value: "1024"}] | .[0].value')"
    environment+=(
        PATH=/usr/local/bin:/usr/bin:/bin KUBERNETES_SERVICE_HOST=127.0.0.1 "KUBERNETES_SERVICE_PORT=${API_SERVER##*:}"
        "POD_NAMESPACE=$POD_NAMESPACE" POD_NAME=image-test "HTTP_ADDRESS=$http_address"
        "NFS_SERVER=$NFS_SERVER" "NFS_PATH=$EXPORT_A" "NFS_MOUNT_OPTIONS=port=$NFS_PORT,mountport=$NFS_MOUNT_PORT"
    )
    : >"$state/controller.log"
    spawn "$state/controller.pid" "$state/controller.log" unshare --mount --propagation "$propagation" "$0" contained \
        "$root" "$state" \
        setpriv --reuid "$(pod "$manifests" .securityContext.runAsUser)" \
        --regid "$(pod "$manifests" .securityContext.runAsGroup)" --clear-groups --no-new-privs \
        --inh-caps="-all$capabilities" --bounding-set="-all$capabilities" \
        env -i "${environment[@]}" /usr/local/bin/sb-nfs-provisioner "${arguments[@]}"
    read -r pid _ <"$state/controller.pid"
}

ready() {
    running "$state/controller.pid" || die "the program ended: $(tail -n 5 "$state/controller.log")"
    curl -fs -o /dev/null "http://$http_address/readyz"
}

bound() { [ "$(kubectl get pvc sample -o 'jsonpath={.status.phase}')" = Bound ]; }

gone() {
    local found
    found=$(kubectl get pv "$volume" --ignore-not-found -o name) && [ -z "$found" ]
}

# Prints the source ports of the program's open connections to the NFS server, in decimal.
source_ports() {
    awk -v server="$(printf ':%04X$' "$NFS_PORT")" '$3 ~ server && $4 == "01" { sub(/.*:/, "", $2); print $2 }' /proc/net/tcp |
        while read -r port; do echo $((16#$port)); done
}

below_1024() {
    local ports
    ports=$(source_ports)
    [ -n "$ports" ] && awk '$1 >= 1024 { exit 1 }' <<<"$ports"
}

check_process() {
    local manifests=$1 status=/proc/$pid/status
    check "it runs as the user $(pod "$manifests" .securityContext.runAsUser), and can gain nothing" \
        [ "$(awk '/^Uid:/ { print $3 } /^NoNewPrivs:/ { print $2 }' "$status" | paste -sd ' ')" = \
        "$(pod "$manifests" .securityContext.runAsUser) 1" ]
    check "its root file system cannot be written" grep -q '^[^ ]* [^ ]* [^ ]* [^ ]* / ro[, ]' "/proc/$pid/mountinfo"
    check "its capabilities are those of the manifest" [ "$(awk '/^CapEff:/ { print $2 }' "$status")" = "$2" ]
}

# run_as MANIFESTS CAPABILITIES: provisions a claim and archives its volume.
run_as() {
    local manifests=$1 directory
    say "as $manifests"
    read_deployment "$manifests"
    start_controller "$manifests"
    expect "it is ready" ready
    check_process "$manifests" "$2"
    kubectl apply -f manifests/samples/claim.yaml >/dev/null
    expect "the claim is Bound" bound
    check "it talks to the NFS server from ports below 1024" below_1024
    volume=$(kubectl get pvc sample -o 'jsonpath={.spec.volumeName}')
    directory=$(basename "$(kubectl get pv "$volume" -o 'jsonpath={.spec.nfs.path}')")
    echo kept >"$EXPORT_A/$directory/file"
    kubectl delete pvc sample --wait=false >/dev/null
    expect "the volume of the deleted claim is gone" gone
    check "its directory is archived" grep -q kept "$EXPORT_A/archived-$directory/file"
    stop_process "$state/controller.pid"
}

finish() {
    local code=$?
    stop_process "$state/controller.pid"
    scripts/bed.sh stop "$bed" || true
    # A bed leaves rpcbind running for other NFS servers of the machine, which do not see this one.
    stop_process /run/sb-nfs-provisioner/rpcbind.pid
    if [ "$code" = 0 ]; then
        rm -rf "$state"
        say "passed"
    else
        say "failed; logs are in $state"
    fi
    exit "$code"
}

# Runs in its own network and mount namespaces, so that the sysctl affects no other process.
isolated() {
    mount -t tmpfs tmpfs /run
    ip link set lo up
    # With only the loopback interface, name lookup finds no address, not even 127.0.0.1.
    ip address add 192.0.2.1/32 dev lo
    bed=$state/bed root=$state/root
    trap finish EXIT
    scripts/image.sh unpack "$image" "$state"
    scripts/bed.sh start "$bed"
    # shellcheck source=/dev/null
    . "$bed/bed.env"
    write_mounts
    check_image
    run_as manifests/base 0000000000000000
    run_as manifests/overlays/before-1.22 0000000000000400
}

case ${1:-} in
    '')
        require_root
        scripts/install.sh
        scripts/install.sh image
        scripts/control-plane.sh >/dev/null
        # The bill of materials looks licences up here; later there is no network.
        [ -d .build/checkouts ] || swift package resolve
        scripts/image.sh build --spot "$image"
        state=$(mktemp -d "${TMPDIR:-/tmp}/sb-nfs-provisioner-image.XXXXXX")
        exec unshare --mount --propagation "$propagation" --net "$0" isolated "$state"
        ;;
    isolated)
        state=$2
        isolated
        ;;
    contained)
        root=$2 state=$3
        shift 3
        contained "$@"
        ;;
    *)
        sed -n '2,3s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
