#!/usr/bin/env bash
# Lists the image's components with versions and licences as a software bill of materials (CycloneDX, JSON): the resolved
# Swift packages, the C libraries that they bundle, the Swift runtime, and Debian's packages.
#
#   sbom.sh FILE          takes Debian's packages from the Dockerfile, in the versions of this machine
#   sbom.sh FILE ROOT     takes everything from the image unpacked in ROOT, including every Debian package
#
# Licences come from each package's own files. A Swift package with an unknown licence is an error.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

case $# in
    1 | 2) ;;
    *)
        sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
file=$1 root=${2:-} pins=Package.resolved
[ -z "$root" ] || pins=$root/usr/share/doc/sb-nfs-provisioner/Package.resolved
require_tools jq dpkg-query
# The licences are there.
if [ ! -e Package.resolved ] || [ ! -d .build/checkouts ]; then
    require_swift
    swift package resolve >&2
fi

# licence FOLDER: prints the SPDX identifier of a Swift package's licence.
licence() {
    local text
    text=$(cat "$1"/LICENSE* 2>/dev/null) || die "$1 has no licence"
    case $text in
        *'Apache License'*'Version 2.0'*'Runtime Library Exception'*) echo 'Apache-2.0 WITH Swift-exception' ;;
        *'Apache License'*'Version 2.0'*) echo Apache-2.0 ;;
        *'MIT License'*) echo MIT ;;
        *) die "$1: unknown licence; add it to $0" ;;
    esac
}

# Prints a line for each Swift package: name, address, version or revision, licence.
swift_packages() {
    local name location version licence packages
    packages=$(jq -r '.pins[] | [.location, .state.version // .state.revision] | @tsv' "$pins")
    while IFS=$'\t' read -r location version; do
        name=$(basename "$location" .git)
        licence=$(licence ".build/checkouts/$name")
        printf '%s\t%s\t%s\t%s\n' "$name" "$location" "$version" "$licence"
    done <<<"$packages"
}

# Prints a line for each C library that a Swift package bundles: name, version or revision, licence, purl. A library that
# moved within its package is an error.
copied_libraries() {
    local checkouts=.build/checkouts revision version part
    for part in swift-nio-ssl/Sources/CNIOBoringSSL swift-crypto/Sources/CCryptoBoringSSL; do
        revision=$(sed -n 's/.* at revision //p' "$checkouts/$part/hash.txt")
        [ -n "$revision" ] || die "$part does not say which version of BoringSSL it bundles"
        printf '%s\t%s\t%s\t%s\n' boringssl "$revision" 'Apache-2.0 AND MIT' "pkg:github/google/boringssl@$revision"
    done | sort -u
    version=$(sed -n 's/^#define LLHTTP_VERSION_[A-Z]* //p' "$checkouts/swift-nio/Sources/CNIOLLHTTP/include/c_nio_llhttp.h" |
        paste -sd .)
    [ -n "$version" ] || die "swift-nio does not say which version of llhttp it bundles"
    printf '%s\t%s\t%s\t%s\n' llhttp "$version" MIT "pkg:github/nodejs/llhttp@$version"
    # The copy does not state its version, only its origin.
    [ -e "$checkouts/Yams/Sources/CYaml/src/parser.c" ] || die "Yams has no libyaml in the folder that $0 expects"
    version=$(jq -r '.pins[] | select(.location | test("/Yams([.]git)?$")) | "as in Yams " + .state.version' "$pins")
    printf '%s\t%s\t%s\t%s\n' libyaml "$version" MIT pkg:github/yaml/libyaml
}

# The packages that the Dockerfile's last stage installs, or all of the image
debian_packages() {
    # shellcheck disable=SC2016 # dpkg's fields
    local format='${Package}\t${Version}\t${Architecture}\n' names
    if [ -n "$root" ]; then
        dpkg-query --admindir="$root/var/lib/dpkg" -W -f "$format"
    else
        mapfile -t names < <(awk '/^FROM/ { text = "" } { text = text " " $0 } END { print text }' Dockerfile |
            sed 's/.*apt-get install -yq --no-install-recommends//; s/&&.*//; s/\\//g' | xargs -n 1)
        [ ${#names[@]} -gt 0 ] || die "the Dockerfile's last stage has no package list that $0 understands"
        dpkg-query -W -f "$format" "${names[@]}" || die "packages are missing; scripts/install.sh sbom installs them"
    fi
}

# debian_licences PACKAGE: prints the licences in its copyright file, with SPDX identifiers where they match.
debian_licences() {
    local copyright=$root/usr/share/doc/$1/copyright
    [ -e "$copyright" ] || die "$1 has no copyright file"
    if grep -q '^Format:' "$copyright"; then
        sed -n 's/^License: *//p' "$copyright" | sed 's/ \(or\|and\) /\n/g'
    else
        grep -o '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' "$copyright" | sed 's|.*/|as in common-licenses/|' ||
            echo 'see its copyright file'
    fi | sed -E '
        s/[, ]+$//
        s/^Expat$/MIT/; s/^zlib$/Zlib/; s/^BSD-([234])-[Cc]lause$/BSD-\1-Clause/
        s/^(L?GPL)-([0-9])$/\1-\2.0-only/; s/^(L?GPL)-([0-9])\+$/\1-\2.0-or-later/
        s/^(L?GPL)-([0-9]\.[0-9])$/\1-\2-only/; s/^(L?GPL)-([0-9]\.[0-9])\+$/\1-\2-or-later/' | sort -u | paste -sd '|'
}

# Prints lines of name, version, architecture and licences.
debian_lines() {
    local name version architecture licences packages
    packages=$(debian_packages)
    while IFS=$'\t' read -r name version architecture; do
        licences=$(debian_licences "$name")
        printf '%s\t%s\t%s\t%s\n' "$name" "$version" "$architecture" "$licences"
    done <<<"$packages"
}

version=$(sed -n 's/.*current = "\(.*\)".*/\1/p' Sources/Commands/SBNFSProvisioner.swift)
swift=$(sed -n 's/^ARG SWIFT_IMAGE=.*:\([0-9.]*\)-.*/\1/p' Dockerfile)
swift_packages=$(swift_packages)
copied_libraries=$(copied_libraries)
debian_lines=$(debian_lines)
mkdir -p "$(dirname "$file")"
jq -n --arg version "$version" --arg swift "$swift" --arg time "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
    --arg packages "$swift_packages" --arg copies "$copied_libraries" --arg debian "$debian_lines" '
    # Anything other than an identifier is an expression, or the name that Debian uses.
    def spdx: if test(" (WITH|AND) ") then {expression: .} else {license: {id: .}} end;
    def debian: if test("^((L?GPL-[0-9.]+-(only|or-later))|MIT|Zlib|BSD-[234]-Clause|MPL-[0-9.]+|Apache-2.0)$")
        then {license: {id: .}} else {license: {name: .}} end;
    def lines: split("\n") | map(select(. != "") | split("\t"));
    ($packages | lines | map({
        type: "library", name: .[0], version: .[2], licenses: [.[3] | spdx],
        purl: "pkg:swift/\(.[1] | sub("^https://"; "") | sub("[.]git$"; ""))@\(.[2])",
        externalReferences: [{type: "vcs", url: .[1]}]
    })) + ($copies | lines | map({
        type: "library", name: .[0], version: .[1], licenses: [.[2] | spdx], purl: .[3],
        description: "A copy in a Swift package"
    })) + [{
        type: "library", name: "swift", version: $swift, licenses: ["Apache-2.0 WITH Swift-exception" | spdx],
        description: "Runtime, standard library and Foundation, linked statically",
        purl: "pkg:swift/github.com/swiftlang/swift@\($swift)"
    }] + ($debian | lines | map({
        type: "library", name: .[0], version: .[1],
        licenses: (.[3] | split("|") | map(debian)),
        purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])&distro=debian-12"
    })) | map(. + {"bom-ref": .purl}) as $components
    | {
        bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
        metadata: {timestamp: $time, component: {
            type: "application", "bom-ref": "sb-nfs-provisioner", name: "sb-nfs-provisioner", version: $version,
            licenses: ["Apache-2.0" | spdx]
        }},
        components: $components,
        dependencies: [{ref: "sb-nfs-provisioner", dependsOn: ($components | map(.purl))}]
    }' >"$file"
say "$(jq '.components | length' "$file") components: $file"
