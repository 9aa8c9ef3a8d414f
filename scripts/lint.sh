#!/usr/bin/env bash
# Checks the style of all that is written by hand: Swift, shell, YAML.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

require_swift
scripts/install.sh lint
swift format lint --strict --parallel --recursive Sources Tests Package.swift
shellcheck --external-sources scripts/*.sh .ci/run
yamllint --strict \
    --config-data '{extends: default, rules: {line-length: {max: 120}, document-start: disable}}' manifests
