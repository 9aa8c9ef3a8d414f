#!/usr/bin/env bash
# Measures the controller, an optimised build, on a test bed of its own, and stops that whatever happens. The figures are
# printed, and written as JSON to $JSON (.build/bench.json).
#
#   bench.sh                     everything
#   FIGURES="single tree" …      some of it: single, tree, report, throughput, fairness, scale
#   SIZE=small|standard|full …   how much of everything (standard)
#   RUNS=N …                     how often what can be repeated is measured (3)
#   DOCUMENT=FILE …              also puts the figures between the markers of a Markdown document
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

require_root
require_swift
scripts/install.sh
scripts/control-plane.sh >/dev/null
say "building (a first optimised build takes some 10 minutes on 2 cores)"
for product in sb-nfs-provisioner sb-nfs-bench; do
    swift build --configuration release --product "$product" </dev/null
done

# nfs-ganesha's own default is 60. With a second it does not ask the file system about a folder at each call in it, and yet
# sees what the benchmark puts there itself.
export NFS_ATTRIBUTE_SECONDS=1
start_temporary_bed bench
read -ra figures <<<"${FIGURES:-}"
TESTBED=$bed "$(swift build --configuration release --show-bin-path)/sb-nfs-bench" "${figures[@]}" \
    --size "${SIZE:-standard}" --runs "${RUNS:-3}" --json "${JSON:-.build/bench.json}" \
    ${DOCUMENT:+--document "$DOCUMENT"} </dev/null
