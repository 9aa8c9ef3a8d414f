#!/usr/bin/env bash
# Installs what is missing of Debian's packages, and nothing else; quick and silent when nothing is.
#
#   install.sh                    what building the product and running it against real servers needs
#   install.sh browser            what the tests of the web page need
#   install.sh image              what building the image on base images made on the spot needs
#   install.sh valgrind           what looks for memory that leaks
#   install.sh debugger           what tells where tests that hang are
#   install.sh lint               what `make lint` needs
#   install.sh manifests          what checking the manifests and the chart needs
#   install.sh sbom               what the image has of Debian's, whose licences are looked up
#   install.sh control-plane      what building the control plane from Debian's sources needs
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

command -v dpkg-query >/dev/null || die "this script knows Debian only; install the counterparts of: ${packages[*]}"
missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
[ "$(id -u)" = 0 ] || die "needs root to install packages; run as root: apt-get install ${missing[*]}"

# Debian starts a service as soon as its package is there; the test bed starts its own servers, on its own ports.
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

# quietly COMMAND…: its output is shown only if it fails.
quietly() {
    "$@" >"$log" 2>&1 </dev/null || {
        log_tail "$log"
        die "cannot install ${missing[*]} (see the lines above); does this machine reach its package sources?"
    }
}

export DEBIAN_FRONTEND=noninteractive
say "installing ${missing[*]} (usually under two minutes)"
quietly apt-get -o DPkg::Lock::Timeout=300 update -q
quietly apt-get -o DPkg::Lock::Timeout=300 install -yq --no-install-recommends "${missing[@]}"
