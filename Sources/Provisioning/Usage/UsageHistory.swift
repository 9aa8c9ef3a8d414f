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

extension UsageHistory {
    /// Both histories' samples, each once.
    package func merging(_ other: UsageHistory) -> UsageHistory {
        if samples.isEmpty { return other }
        if other.samples.isEmpty { return self }
        return UsageHistory(samples: Array(Set(samples).union(other.samples)))
    }

    /// The samples worth keeping: one an hour for two days, one a day for 30 days, one a month of 30 days for three
    /// years, each time the last, and of those that say the same one after another the first and the last. That is some
    /// 120 at most, and 70 of a volume that is measured once a day. What claims to be of the future was taken by a wrong
    /// clock, and goes.
    ///
    /// - Parameter now: What ages are measured from.
    /// - Returns: The samples that stay; to thin it again at once changes nothing.
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

    /// A span of the calendar of which one sample is kept.
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
    /// But for the time.
    fileprivate func saysTheSame(as other: UsageSample) -> Bool {
        (usedBytes, lengthBytes, files, directories)
            == (other.usedBytes, other.lengthBytes, other.files, other.directories)
    }
}

/// How much one volume or archive held at one time.
package struct UsageSample: Codable, Sendable, Hashable {
    package var at: Timestamp
    /// What the server's disk holds of it, in bytes.
    package var usedBytes: UInt64
    /// How long its files are, in bytes: more than is used where files have holes.
    package var lengthBytes: UInt64
    /// All but directories.
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
