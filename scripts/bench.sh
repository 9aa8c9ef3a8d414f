#!/usr/bin/env bash
# Measures an optimised build of the controller on its own test bed, and always stops the bed afterwards. Prints the
# figures and writes them as JSON to $JSON (.build/bench.json).
#
#   bench.sh                     measures everything
#   FIGURES="single tree" …      measures some of it: single, tree, report, throughput, fairness, scale
#   SIZE=small|standard|full …   sets the size of the workload (standard)
#   RUNS=N …                     sets the runs of repeatable measurements (3)
#   DOCUMENT=FILE …              also writes the figures between the markers of a Markdown document
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

# The default of nfs-ganesha is 60. With one second it does not ask the file system about a folder at each call, but still
# sees the files that the benchmark creates directly.
export NFS_ATTRIBUTE_SECONDS=1
start_temporary_bed bench
read -ra figures <<<"${FIGURES:-}"
TESTBED=$bed "$(swift build --configuration release --show-bin-path)/sb-nfs-bench" "${figures[@]}" \
    --size "${SIZE:-standard}" --runs "${RUNS:-3}" --json "${JSON:-.build/bench.json}" \
    ${DOCUMENT:+--document "$DOCUMENT"} </dev/null
