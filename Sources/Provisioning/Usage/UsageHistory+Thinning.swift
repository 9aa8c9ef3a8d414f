import Kubernetes

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
