import Kubernetes

/// Measured usage of one volume, or of the archive that it became, over time.
package struct UsageHistory: Codable, Sendable, Hashable {
    /// Oldest first; the older they are, the further apart.
    package private(set) var samples: [UsageSample]

    package init(samples: [UsageSample] = []) {
        self.samples = samples.sorted { $0.at < $1.at }
    }

    package var latest: UsageSample? { samples.last }

    /// The usage at a time: the last sample that is not later.
    ///
    /// - Returns: nil if nothing was measured before then.
    package func sample(at time: Timestamp) -> UsageSample? {
        samples.last { $0.at <= time }
    }
}

extension UsageHistory {
    /// Both histories' samples, each once.
    package func merging(_ other: UsageHistory) -> UsageHistory {
        if samples.isEmpty { return other }
        if other.samples.isEmpty { return self }
        return UsageHistory(samples: Array(Set(samples).union(other.samples)))
    }

    /// The samples worth keeping: the last of each hour for two days, of each day for 30 days, and of each month of 30
    /// days for three years; of successive equal samples, only the first and the last. That is some 120 at most, and 70
    /// for a volume that is measured once a day. A sample from the future was taken by a wrong clock, and is dropped.
    ///
    /// - Parameter now: The time that ages are measured from.
    /// - Returns: The samples that stay; thinning them again immediately changes nothing.
    package func thinned(at now: Timestamp) -> UsageHistory {
        var kept: [UsageSample] = []
        var last: Period?
        for sample in samples.reversed() {
            guard let period = Period(of: sample.at, now: now), period != last else { continue }
            last = period
            if let next = kept.last, let afterNext = kept.dropLast().last, next.saysTheSame(as: sample),
                next.saysTheSame(as: afterNext)
            {
                kept.removeLast()
            }
            kept.append(sample)
        }
        return UsageHistory(samples: kept.reversed())
    }

    /// Span of time of which one sample is kept.
    private struct Period: Equatable {
        let length: Int64
        let number: Int64

        /// - Returns: nil for a time of which nothing is kept.
        init?(of time: Timestamp, now: Timestamp) {
            let (hour, day): (Int64, Int64) = (3600, 86_400)
            let tiers: [(age: Int64, length: Int64)] = [(2 * day, hour), (30 * day, day), (3 * 365 * day, 30 * day)]
            let age = now.seconds - time.seconds
            // Two leaders' clocks may differ a little.
            guard age >= -hour, let tier = tiers.first(where: { age <= $0.age }) else { return nil }
            length = tier.length
            number = time.seconds / tier.length
        }
    }
}

extension UsageSample {
    /// Whether two samples are equal, except for the time.
    fileprivate func saysTheSame(as other: UsageSample) -> Bool {
        (usedBytes, lengthBytes, files, directories)
            == (other.usedBytes, other.lengthBytes, other.files, other.directories)
    }
}

/// Measured usage of one volume or archive at one time.
package struct UsageSample: Codable, Sendable, Hashable {
    package var at: Timestamp
    /// The bytes that it takes on the server's disk.
    package var usedBytes: UInt64
    /// The length of its files in bytes: more than is used if files have holes.
    package var lengthBytes: UInt64
    /// Everything but directories.
    package var files: UInt64
    package var directories: UInt64

    package init(at: Timestamp, usedBytes: UInt64, lengthBytes: UInt64, files: UInt64, directories: UInt64) {
        self.at = at
        self.usedBytes = usedBytes
        self.lengthBytes = lengthBytes
        self.files = files
        self.directories = directories
    }
}
