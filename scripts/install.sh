#!/usr/bin/env bash
# Installs the missing Debian packages. Quick and silent if none is missing.
#
#   install.sh                    to build the product and run it against real servers
#   install.sh browser            to test the web page
#   install.sh image              to build the image on base images made locally
#   install.sh valgrind           to look for memory leaks
#   install.sh debugger           to show where hanging tests are
#   install.sh lint               for `make lint`
#   install.sh manifests          to check the manifests and the chart
#   install.sh sbom               Debian's packages in the image, to look up their licences
#   install.sh control-plane      to build the control plane from Debian's sources
set -euo pipefail
# shellcheck source=scripts/processes.sh
. "$(dirname "$0")/processes.sh"

case ${1:-} in
    '') packages=(ca-certificates curl etcd-server jq libnfs-dev libnfs-utils libzstd-dev nfs-ganesha
        nfs-ganesha-vfs openssl pkg-config procps prometheus python3 restic rpcbind tar util-linux zstd) ;;
    browser) packages=(chromium chromium-driver) ;;
    image) packages=(buildah debootstrap git iproute2 jq procps) ;;
    valgrind) packages=(binutils libc6-dbg valgrind) ;;
    debugger) packages=(gdb) ;;
    lint) packages=(python3-pip shellcheck yamllint) ;;
    manifests) packages=(python3-pip) ;;
    sbom) packages=(ca-certificates jq libnfs13 libstdc++6 libzstd1 tzdata zlib1g) ;;
    control-plane) packages=(dpkg-dev golang-go) ;;
    *)
        sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

command -v dpkg-query >/dev/null || die "this script supports only Debian; install the equivalents of: ${packages[*]}"
missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || die "needs root to install packages; run as root: apt-get install ${missing[*]}"

# Debian starts a service when its package is installed; the test bed starts its own servers, on its own ports.
policy=/usr/sbin/policy-rc.d log=$(mktemp)
finish() {
    rm -f "$log"
    [ -z "${own_policy:-}" ] || rm -f "$policy"
}
trap finish EXIT
if [ ! -e "$policy" ]; then
    own_policy=1
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi

# quietly COMMAND…: runs the command, and shows its output only if it fails.
quietly() {
    "$@" >"$log" 2>&1 </dev/null || {
        log_tail "$log"
        die "cannot install ${missing[*]} (see the lines above); check that this machine can reach its package sources"
    }
}

export DEBIAN_FRONTEND=noninteractive
say "installing ${missing[*]} (usually under two minutes)"
quietly apt-get -o DPkg::Lock::Timeout=300 update -q
quietly apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends "${missing[@]}"
