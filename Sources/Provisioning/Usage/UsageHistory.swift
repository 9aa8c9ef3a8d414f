import Kubernetes

/// What is known of how much one volume, or the archive it became, held over time.
package struct UsageHistory: Codable, Sendable, Hashable {
    /// Oldest first, and the older they are the further apart.
    package private(set) var samples: [UsageSample]

    package init(samples: [UsageSample] = []) {
        self.samples = samples.sorted { $0.at < $1.at }
    }

    package var latest: UsageSample? { samples.last }

    /// How much it held at a time: the last sample that is not younger.
    ///
    /// - Returns: nil if nothing was measured before then.
    package func sample(at time: Timestamp) -> UsageSample? {
        samples.last { $0.at <= time }
    }
}
