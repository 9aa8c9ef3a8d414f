# The program on Debian slim, as the user of the manifests. Nothing here names an architecture: amd64 and arm64 are built
# alike, each on its own kind of machine or with buildx. `make image` builds it with what the machine has.
ARG SWIFT_IMAGE=docker.io/library/swift:6.3.1-bookworm
ARG RUNTIME_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends libnfs-dev libzstd-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Benchmarks Benchmarks
COPY Sources Sources
COPY Tests Tests
# Its own folder for each compiler and architecture: what one made is of no use to another.
RUN --mount=type=cache,target=/build \
    scratch="/build/$(swiftc --version 2>&1 | sha256sum | cut -c 1-12)" \
    && swift build --configuration release --static-swift-stdlib --product sb-nfs-provisioner --scratch-path "$scratch" \
    && install -D --strip --target-directory /install/usr/local/bin "$scratch/release/sb-nfs-provisioner" \
    && install -D --mode 644 --target-directory /install/usr/share/doc/sb-nfs-provisioner Package.resolved

FROM ${RUNTIME_IMAGE}
RUN apt-get update -q \
    && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends \
        ca-certificates libnfs13 libstdc++6 libzstd1 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log
COPY --from=build /install /
COPY LICENSE /usr/share/doc/sb-nfs-provisioner/copyright

ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=
LABEL org.opencontainers.image.title="sb-nfs-provisioner" \
    org.opencontainers.image.description="Storage for Kubernetes claims from NFS servers, without mounting" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}" \
    org.opencontainers.image.source="${SOURCE}"

# By number: Kubernetes cannot tell of a name whether it is root.
USER 65532:65532
EXPOSE 8080 8443
ENTRYPOINT ["/usr/local/bin/sb-nfs-provisioner"]
CMD ["controller"]
