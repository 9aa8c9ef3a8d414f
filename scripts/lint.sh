#!/usr/bin/env bash
# Checks the style of all handwritten files: Swift, shell, YAML, the web page's script and style sheet.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/processes.sh
. scripts/processes.sh

require_swift
scripts/install.sh lint
swift format lint --strict --parallel --recursive Benchmarks Sources Tests Package.swift
long=$(find Benchmarks Sources Tests -name '*.swift' -exec wc -l {} + | awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines" }')
[ -z "$long" ] || die "a file holds one concept, in at most 400 lines; split: $long"
for patch in Tests/Explore/Planted/*.patch; do
    git apply --check "$patch" 2>/dev/null || die "$patch no longer applies to the code; update the patch"
done
shellcheck --external-sources scripts/*.sh scripts/kubectl-sb_nfs .ci/run

# python_package NAME==VERSION: sets $packages to the cached folder of this PyPI package.
python_package() {
    packages=${XDG_CACHE_HOME:-$HOME/.cache}/sb-nfs-provisioner/${1/==/-}
    [ -d "$packages" ] || /usr/bin/python3 -m pip install --quiet --root-user-action ignore --target "$packages" "$1"
}

# This package contains GitLab's own schema.
python_package check-jsonschema==0.39.0
PYTHONPATH=$packages /usr/bin/python3 -m check_jsonschema --quiet --builtin-schema vendor.gitlab-ci .gitlab-ci.yml
python_package oxlint==1.89.0
found=$("$packages/bin/oxlint" --deny-warnings Sources/Reports/HTML/Resources) || die "$found"
python_package tinycss2==1.5.1
PYTHONPATH=$packages /usr/bin/python3 scripts/check-css.py Sources/Reports/HTML/Resources/*.css
yamllint --strict \
    --config-data '{extends: default, rules: {line-length: {max: 120}, document-start: disable}}' \
    manifests Tests/Fixtures charts/*/Chart.yaml charts/*/values.yaml .gitlab-ci.yml
