#!/usr/bin/env bash
# Applies manifests/base to a cluster with an image and an export, and waits until the new pods are ready.
#
#   deploy.sh IMAGE            IMAGE with its tag
#   deploy.sh --print IMAGE    only prints the manifests
#
# Reads CLUSTER_SERVER, CLUSTER_CA_FILE, CLUSTER_TOKEN, TEST_NFS_SERVER and TEST_NFS_PATH: see .gitlab-ci.yml.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

kubectl() { "$tools/kubectl" --kubeconfig "$work/kubeconfig" "$@"; }

usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

require() {
    local name
    for name in "$@"; do [ -n "${!name:-}" ] || die "$name is not set; .gitlab-ci.yml explains it"; done
}

# The base with this environment's values, in a temporary folder of the project: kustomize accepts only relative paths.
write_kustomization() {
    cat >"$work/kustomization.yaml" <<KUSTOMIZATION
resources: [../manifests/base]
images: [{name: sb-nfs-provisioner, newName: "${image%:*}", newTag: "${image##*:}"}]
configMapGenerator:
  - name: sb-nfs-provisioner
    namespace: sb-nfs-provisioner
    behavior: merge
    literals: ["NFS_SERVER=$TEST_NFS_SERVER", "NFS_PATH=$TEST_NFS_PATH"]
KUSTOMIZATION
}

write_kubeconfig() {
    (umask 077 && cat >"$work/kubeconfig") <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: test
contexts: [{name: test, context: {cluster: test, user: test}}]
clusters: [{name: test, cluster: {server: "$CLUSTER_SERVER", certificate-authority: "$CLUSTER_CA_FILE"}}]
users: [{name: test, user: {token: "$CLUSTER_TOKEN"}}]
KUBECONFIG
}

print_only=
[ "${1:-}" != --print ] || { print_only=1 && shift; }
[ $# -eq 1 ] || usage
image=$1
case ${image##*/} in *:*) ;; *) usage ;; esac
require TEST_NFS_SERVER TEST_NFS_PATH
[ -n "$print_only" ] || require CLUSTER_SERVER CLUSTER_CA_FILE CLUSTER_TOKEN
tools=$(scripts/manifest-tools.sh | tail -n 1)
work=$(mktemp -d "$PWD/.deploy.XXXXXX")
trap 'rm -rf "$work"' EXIT
write_kustomization
"$tools/kubectl" kustomize "$work" >"$work/manifests.yaml"
if [ -n "$print_only" ]; then
    cat "$work/manifests.yaml"
    exit
fi
write_kubeconfig
kubectl apply -f "$work/manifests.yaml"
kubectl --namespace sb-nfs-provisioner rollout status deployment/sb-nfs-provisioner --timeout 5m
