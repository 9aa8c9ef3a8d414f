#!/usr/bin/env bash
# Builds the reference of the libraries from the comments in the code, for developers. A warning fails the build.
#
#   docs.sh [FOLDER]   writes to FOLDER (.build/docs): static pages for a web server, such as python3 -m http.server
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

folder=${1:-.build/docs}
require_swift
scripts/install.sh
require_tools jq
graphs=$(swift package dump-symbol-graph --minimum-access-level internal --skip-synthesized-members </dev/null |
    tee /dev/stderr | sed -n 's/^Files written to //p')
[ -d "$graphs" ] || die "swift package dump-symbol-graph printed no folder"
work=$(mktemp -d "${TMPDIR:-/tmp}/sb-nfs-provisioner-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
mapfile -t libraries < <(swift package describe --type json </dev/null |
    jq -r '.targets[] | select(.type == "library" and (.path | startswith("Sources/"))) | .name')
[ ${#libraries[@]} -gt 0 ] || die "Package.swift has no library in Sources"
failed=
for library in "${libraries[@]}"; do
    mkdir "$work/$library"
    cp "$graphs/$library".symbols.json "$graphs/$library"@*.symbols.json "$work/$library" 2>/dev/null ||
        cp "$graphs/$library".symbols.json "$work/$library"
    docc convert --warnings-as-errors --additional-symbol-graph-dir "$work/$library" \
        --fallback-display-name "$library" --fallback-bundle-identifier "eu.smart-bear.$library" \
        --output-dir "$work/$library.doccarchive" || failed+=" $library"
done
[ -z "$failed" ] || die "cannot build the reference of these libraries (see the lines above):$failed"
rm -rf "$folder"
docc merge "$work"/*.doccarchive --synthesized-landing-page-name sb-nfs-provisioner --output-path "$folder"
say "the reference of ${#libraries[@]} libraries is in $folder"
