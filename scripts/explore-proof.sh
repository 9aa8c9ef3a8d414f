#!/usr/bin/env bash
# Checks the explorer: plants one fault of Tests/Explore/Planted at a time in the code, and expects the explorer to find it
# (docs/reliability.md).
#
#   explore-proof.sh [NAME…]    all faults, or these
#
# A fault is a patch with a sentence and the pair of operations that triggers it. A fault with a line “Unseen: …” must not be
# found; the line says why, and what detects it instead. Each takes a build; afterwards the checkout is unchanged.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

require_swift
scripts/install.sh
planted=Tests/Explore/Planted
if [ $# = 0 ]; then
    mapfile -t names < <(cd "$planted" && basename -s .patch ./*.patch)
    set -- "${names[@]}"
fi
git diff --quiet HEAD -- Sources || die "Sources has changes that are not committed; commit or stash them first"
applied=
trap '[ -z "$applied" ] || git apply --reverse "$applied"' EXIT
failed=0
for name in "$@"; do
    patch=$planted/$name.patch
    [ -f "$patch" ] || die "no planted fault $name in $planted"
    read -r first second < <(sed -n 's/^Pair: //p' "$patch")
    git apply "$patch" || die "$patch no longer applies to the code; update the patch"
    applied=$patch
    log=${TMPDIR:-/tmp}/explore-proof-$name.log
    swift build -c release --product explore </dev/null >"$log" 2>&1 || die "cannot build the code with the fault $name; see $log"
    started=$(date +%s)
    found=yes
    "$(swift build -c release --show-bin-path)/explore" pairs --first "$first" --second "$second" --seconds 60 >"$log" && found=no
    wanted=yes
    ! grep -q '^Unseen' "$patch" || wanted=no
    say "$name: $([ $found = yes ] && echo found || echo "not found") after $(($(date +%s) - started)) s ($first × $second)"
    [ $found = $wanted ] || failed=1
    git apply --reverse "$patch"
    applied=
done
[ $failed = 0 ] || die "the explorer missed a fault, or found one marked Unseen; see ${TMPDIR:-/tmp}/explore-proof-NAME.log"
