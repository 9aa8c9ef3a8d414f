#!/usr/bin/env bash
# Builds the image of the Dockerfile, or unpacks one.
#
#   image.sh build [NAME]           builds with the first of buildah, podman and docker that is installed
#   image.sh build --spot [NAME]    builds with buildah in its own cache; if no registry provides a base image, makes it
#                                   locally from Debian's packages and this machine's Swift toolchain
#   image.sh unpack NAME DIR        unpacks an image of `build --spot`: its file system to DIR/root, its configuration to
#                                   DIR/config.json
#
# NAME is sb-nfs-provisioner:VERSION unless given. BUILD_OPTIONS are passed on to the builder, such as
# "--build-arg RUNTIME_IMAGE=registry.example.com/debian:bookworm-slim".
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

cache=${XDG_CACHE_HOME:-$HOME/.cache}/sb-nfs-provisioner/images
version=$(sed -n 's/.*current = "\(.*\)".*/\1/p' Sources/Commands/SBNFSProvisioner.swift)
read -ra options <<<"${BUILD_OPTIONS:-}"

usage() {
    sed -n '2,13s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

# enter_mounted_root ARGUMENT…: buildah remounts its root, which fails in a chroot that is not a mount point. In that case
# the script restarts in a mount namespace whose root is one.
enter_mounted_root() {
    ! findmnt --target / >/dev/null || return 0
    [ -n "${own_namespace:-}" ] ||
        own_namespace=1 exec unshare --mount --propagation unchanged "$PWD/scripts/image.sh" "$@"
    mkdir -p "$cache/root"
    mount --rbind / "$cache/root"
    exec chroot "$cache/root" "$PWD/scripts/image.sh" "$@"
}

# vfs copies every layer, and works where overlays cannot be mounted.
cached_buildah() {
    mkdir -p "$cache/tmp"
    TMPDIR=$cache/tmp BUILDAH_ISOLATION=chroot buildah --root "$cache/storage" --runroot "$cache/run" \
        --storage-driver vfs "$@"
}

# from_dockerfile ARG: prints the default of a build argument.
from_dockerfile() { sed -n "s/^ARG $1=//p" Dockerfile; }

build_arguments() {
    local revision
    revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
    printf '%s\n' --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
        --build-arg "SOURCE=${CI_PROJECT_URL:-}"
}

build() {
    local arguments
    mapfile -t arguments < <(build_arguments)
    if command -v buildah >/dev/null; then
        buildah build "${arguments[@]}" "${options[@]}" --tag "$1" .
    elif command -v podman >/dev/null; then
        podman build "${arguments[@]}" "${options[@]}" --tag "$1" .
    elif command -v docker >/dev/null; then
        docker build "${arguments[@]}" "${options[@]}" --tag "$1" .
    else
        die "no buildah, podman or docker on the PATH; scripts/install.sh image installs buildah"
    fi
}

# bootstrap NAME PACKAGES OPTION…: makes a base image from Debian's packages.
bootstrap() {
    local name=$1 packages=$2 container mirror
    shift 2
    say "making the base image $name from Debian's packages"
    # shellcheck disable=SC2016 # a field of apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' | head -n 1)
    rm -rf "$cache/bootstrap"
    debootstrap --variant=minbase ${packages:+--include="$packages"} bookworm "$cache/bootstrap" \
        ${mirror:+"$mirror"} >"$cache/bootstrap.log" 2>&1 || {
        log_tail "$cache/bootstrap.log"
        die "debootstrap cannot make Debian 12 (see the lines above)"
    }
    cp /etc/apt/apt.conf.d/*proxy* "$cache/bootstrap/etc/apt/apt.conf.d/" 2>/dev/null || true
    container=$(cached_buildah from scratch)
    cached_buildah add --quiet "$container" "$cache/bootstrap" / >/dev/null
    [ $# -eq 0 ] || cached_buildah config "$@" "$container"
    cached_buildah commit --quiet --rm "$container" "$name" >/dev/null
    rm -rf "$cache/bootstrap"
}

# made NAME: checks whether this script has already made the base image.
made() { cached_buildah inspect --type image "$1" >/dev/null 2>&1; }

pulled() { cached_buildah pull --quiet "$1" >/dev/null 2>&1; }

# Sets runtime.
runtime_base() {
    runtime=$(from_dockerfile RUNTIME_IMAGE)
    ! pulled "$runtime" || return 0
    runtime=localhost/debian:bookworm-slim
    made "$runtime" || bootstrap "$runtime" ''
}

# Sets swift and volumes: the packages that Swift's documentation lists for Debian 12; the toolchain itself is mounted.
swift_base() {
    local toolchain
    swift=$(from_dockerfile SWIFT_IMAGE)
    ! pulled "$swift" || return 0
    require_swift
    toolchain=$(dirname "$(dirname "$(realpath "$(command -v swift)")")")
    [ "$toolchain" != /usr ] || die "cannot reach $swift, and a toolchain in /usr cannot be mounted into a base image"
    swift=localhost/swift:bookworm
    made "$swift" ||
        bootstrap "$swift" binutils,ca-certificates,git,libc6-dev,libcurl4,libedit2,libgcc-12-dev,libncurses6,libsqlite3-0,libstdc++-12-dev,libxml2,libz3-4,pkg-config,zlib1g-dev \
            --env "PATH=$toolchain/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    volumes+=(--volume "$toolchain:$toolchain:ro")
}

# If git has copies of the packages on this machine, the build uses them.
package_mirrors() {
    local mirror
    [ -e /etc/gitconfig ] || return 0
    volumes+=(--volume /etc/gitconfig:/etc/gitconfig:ro)
    while read -r mirror; do
        [ ! -d "$mirror" ] || volumes+=(--volume "$mirror:$mirror:ro")
    done < <(git config --file /etc/gitconfig --get-regexp 'url\..*\.insteadof' |
        sed -n 's|^url\.\(/.*[^/]\)/*\.insteadof .*|\1|p' | sort -u)
}

build_on_the_spot() {
    local runtime swift volumes=() arguments
    scripts/install.sh image
    require_tools buildah debootstrap
    mkdir -p "$cache"
    exec 8>"$cache/lock"
    flock 8
    runtime_base
    swift_base
    package_mirrors
    mapfile -t arguments < <(build_arguments)
    say "building $1 (a first release build takes some 9 minutes on 2 cores)"
    cached_buildah build --build-arg "SWIFT_IMAGE=$swift" --build-arg "RUNTIME_IMAGE=$runtime" --pull-never \
        "${arguments[@]}" "${volumes[@]}" "${options[@]}" --tag "$1" .
    # The image that had the tag before
    cached_buildah rmi --prune >/dev/null
}

unpack() {
    local container
    mkdir -p "$2"
    container=$(cached_buildah from --pull-never "$1")
    cp -a "$(cached_buildah mount "$container")" "$2/root"
    cached_buildah rm "$container" >/dev/null
    cached_buildah inspect --type image "$1" | jq .OCIv1 >"$2/config.json"
}

case ${1:-} in
    build)
        shift
        if [ "${1:-}" = --spot ]; then
            [ $# -le 2 ] || usage
            require_root
            enter_mounted_root build "$@"
            build_on_the_spot "${2:-sb-nfs-provisioner:$version}"
        else
            [ $# -le 1 ] || usage
            build "${1:-sb-nfs-provisioner:$version}"
        fi
        ;;
    unpack)
        [ $# -eq 3 ] || usage
        enter_mounted_root "$@"
        unpack "$2" "$3"
        ;;
    *) usage ;;
esac
