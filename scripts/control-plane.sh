#!/usr/bin/env bash
# Finds, downloads or builds a Kubernetes control plane. Prints as its last line the folder that holds
# kube-apiserver, kube-controller-manager, kubectl and etcd. Tries in this order:
#
#   1. the folder $KUBEBUILDER_ASSETS (envtest's convention), if all four are there
#   2. the cache, ${XDG_CACHE_HOME:-~/.cache}/sb-nfs-provisioner
#   3. the official release, if the machine can reach it
#   4. a build of Debian 12's source package: 4 to 10 minutes on 2 cores, once per machine
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/processes.sh
. "$scripts/processes.sh"

released=1.34.1 packaged=1.20.2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sb-nfs-provisioner

complete() {
    local tool
    for tool in kube-apiserver kube-controller-manager kubectl etcd; do
        [ -x "$1/$tool" ] || return 1
    done
}

find_ready() {
    local folder
    if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
        complete "$KUBEBUILDER_ASSETS" && echo "$KUBEBUILDER_ASSETS" && return
        say "ignoring KUBEBUILDER_ASSETS=$KUBEBUILDER_ASSETS:" \
            "it lacks one of kube-apiserver, kube-controller-manager, kubectl, etcd"
    fi
    for folder in "$cache/control-plane-$released" "$cache/control-plane-$packaged"; do
        complete "$folder" && echo "$folder" && return
    done
    return 1
}

# keep FOLDER VERSION: adds etcd and moves the finished folder into the cache atomically.
keep() {
    cp "$(command -v etcd)" "$1/etcd"
    complete "$1" || die "the control plane $2 in $1 is not complete"
    rm -rf "$cache/control-plane-$2"
    mv "$1" "$cache/control-plane-$2"
    echo "$cache/control-plane-$2"
}

# get ADDRESS OPTION…: downloads; fails soon if the address is unreachable or the download stalls.
get() { curl -fsSL --connect-timeout 5 --speed-limit 1000 --speed-time 30 "$@" 2>/dev/null; }

# fetch NAME FOLDER: downloads a program of the release and verifies its published checksum.
fetch() {
    local address checksum
    address=https://dl.k8s.io/release/v$released/bin/linux/$(dpkg --print-architecture)/$1
    checksum=$(get "$address.sha256") || return 1
    get "$address" -o "$2/$1" || return 1
    echo "$checksum  $2/$1" | sha256sum --check --quiet >&2 ||
        die "$address does not match its checksum; try again"
    chmod +x "$2/$1"
}

download() {
    local program
    mkdir "$work/release"
    for program in kubectl kube-apiserver kube-controller-manager; do
        fetch "$program" "$work/release" || return 1
        say "downloaded $program $released"
    done
}

# Debian's own addresses with source packages enabled, in a copy: the machine's configuration stays unchanged.
source_lists() {
    local file
    mkdir -p "$work/apt/sources" "$work/apt/lists/partial"
    for file in /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list /etc/apt/sources.list; do
        case $file in
            *.sources) [ ! -f "$file" ] || sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/apt/sources/${file##*/}" ;;
            *) [ ! -f "$file" ] || sed -n 's/^deb /deb-src /p' "$file" >"$work/apt/sources/${file##*/}.list" ;;
        esac
    done
}

apt_sources() {
    apt-get -q -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null \
        -o Dir::Etc::sourceparts="$work/apt/sources" -o Dir::State::lists="$work/apt/lists" "$@"
}

# logged COMMAND…: runs the command with its output in the log, and shows the end of the log if it fails.
logged() {
    "$@" >>"$work/log" 2>&1 </dev/null || {
        log_tail "$work/log"
        die "building the control plane failed at: ${1##*/} ${2:-} (see the lines above)"
    }
}

# The packages whose API documentation the API server serves. Debian's tarball lacks the file generated from them.
openapi_packages() {
    grep -rl --include='*.go' '+k8s:openapi-gen=' staging/src/k8s.io pkg cmd |
        grep -vE '/zz_generated|/testdata/|/sample-|/code-generator/' | xargs -n1 dirname | sort -u |
        sed -e 's|^staging/src/|vendor/|' -e 's|^|k8s.io/kubernetes/|'
}

build() {
    local version_package=k8s.io/kubernetes/vendor/k8s.io/component-base/version
    "$scripts/install.sh" control-plane
    say "fetching Debian's source package of Kubernetes $packaged"
    source_lists
    # A repository without sources makes this fail, although Debian's own were read.
    apt_sources update >>"$work/log" 2>&1 </dev/null || true
    (cd "$work" && logged apt_sources source kubernetes)
    mkdir -p "$work/go/src/k8s.io" "$work/packaged"
    mv "$work"/kubernetes-*"$packaged" "$work/go/src/k8s.io/kubernetes" ||
        die "this machine's package sources have no Kubernetes $packaged; point KUBEBUILDER_ASSETS to a control plane"
    cd "$work/go/src/k8s.io/kubernetes"
    # Debian's Go is as old as the sources; the machine may have a newer one.
    export PATH=/usr/bin:$PATH GOROOT='' GOFLAGS=
    export GOPATH=$work/go GOCACHE=$work/go-cache GO111MODULE=off CGO_ENABLED=0

    say "building Kubernetes $packaged (usually 4 to 10 minutes on 2 cores, once per machine)"
    logged go build -o "$work/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen
    openapi_packages >"$work/openapi-packages"
    logged "$work/openapi-gen" -O zz_generated.openapi -p k8s.io/kubernetes/pkg/generated/openapi \
        -h hack/boilerplate/boilerplate.generatego.txt -r "$work/violations" --output-base "$GOPATH/src" \
        -i "$(paste -sd, "$work/openapi-packages")"
    logged go build -o "$work/packaged/" -ldflags "-s -w -X $version_package.gitVersion=v$packaged
        -X $version_package.gitMajor=${packaged%%.*} -X $version_package.gitMinor=$(cut -d. -f2 <<<"$packaged")" \
        k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kube-controller-manager k8s.io/kubernetes/cmd/kubectl
    say "built in $((SECONDS / 60)) min $((SECONDS % 60)) s"
}

find_ready && exit
require_tools curl etcd flock
mkdir -p "$cache"
exec 9>"$cache/control-plane.lock"
flock -n 9 || {
    say "waiting for another process that is building the control plane"
    flock 9
    find_ready && exit
}
rm -rf "$cache"/making.*
work=$(mktemp -d "$cache/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
if download; then
    keep "$work/release" "$released"
else
    say "cannot reach the official release"
    build
    keep "$work/packaged" "$packaged"
fi
