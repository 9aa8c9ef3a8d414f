import Kubernetes

/// Where an archive stands among those of its claim: by the release of its data, then by the creation of its volume.
struct ReleaseRank: Sendable, Hashable, Comparable {
    let releasedAt: Timestamp
    let volumeCreatedAt: Timestamp

    /// The first place that an archive can have.
    init(earliest releasedAt: Timestamp, volumeCreatedAt: Timestamp?) {
        self.releasedAt = releasedAt
        self.volumeCreatedAt = volumeCreatedAt ?? Timestamp(seconds: .min)
    }

    /// The last place that an archive can have.
    init(latest releasedAt: Timestamp, volumeCreatedAt: Timestamp?) {
        self.releasedAt = releasedAt
        self.volumeCreatedAt = volumeCreatedAt ?? Timestamp(seconds: .max)
    }

    static func < (left: ReleaseRank, right: ReleaseRank) -> Bool {
        (left.releasedAt, left.volumeCreatedAt) < (right.releasedAt, right.volumeCreatedAt)
    }
}
