# Each target is a script in scripts/; `make` alone lists them.

export KEEP FILTER BUILD_OPTIONS SEED SECONDS ROUNDS FAULTS TOGETHER CLAIMS FIGURES SIZE RUNS JSON DOCUMENT TARGET SANITIZERS FIRST SECOND HISTORY SCHEDULE

.PHONY: help demo clean-demo test test-image test-sanitize test-valgrind torture fuzz explore explore-proof bench image sbom docs lint format

help:
	@sed -n 's/^\([a-z-]*\):.* ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## provision and archive a volume on a real NFS server and control plane (KEEP=1 leaves them running)
	@scripts/demo.sh

clean-demo: ## stop the processes that `make demo KEEP=1` left running, and remove their state
	@scripts/demo.sh stop

test: ## run every test, on a real NFS server and control plane (FILTER=REGEX runs those that match)
	@scripts/test.sh

test-image: ## build the image, on local base images if no registry answers, and run its program as the manifests do
	@scripts/image-test.sh

image: ## build the image with buildah, podman or docker (BUILD_OPTIONS are passed on)
	@scripts/image.sh build

sbom: ## list the image's components with versions and licences in .build/sbom.cdx.json (CycloneDX)
	@scripts/install.sh sbom
	@scripts/sbom.sh .build/sbom.cdx.json

torture: ## inject faults while claims come and go (SECONDS, ROUNDS, SEED, FAULTS, TOGETHER, CLAIMS; see scripts/torture.sh)
	@scripts/torture.sh

explore: ## explore all pairs of operations call by call, or random histories (SECONDS, SEED, FIRST, SECOND; see scripts/explore.sh)
	@scripts/explore.sh

explore-proof: ## plant faults in the code one at a time, and check that the explorer finds each (NAMES; see scripts/explore-proof.sh)
	@scripts/explore-proof.sh $(NAMES)

fuzz: ## fuzz every parser (TARGET, SECONDS; see scripts/fuzz.sh)
	@scripts/fuzz.sh

test-sanitize: ## run the tests with the address and the thread sanitizer (SANITIZERS, FILTER; see scripts/sanitize.sh)
	@scripts/sanitize.sh

test-valgrind: ## check the NFS client for memory leaks with valgrind
	@scripts/valgrind.sh

bench: ## measure the performance (SIZE=small takes a minute, FIGURES="single tree" selects; see scripts/bench.sh)
	@scripts/bench.sh

docs: ## build the reference of the libraries in .build/docs, from the comments in the code
	@scripts/docs.sh

lint: ## check the style of Swift, shell, YAML, and the web page's script and style sheet
	@scripts/lint.sh

format: ## format the Swift code
	@swift format --in-place --parallel --recursive Benchmarks Sources Tests Package.swift
