import Kubernetes

/// Which locks of others are held, by what has been seen of them: a function of looks and of two clocks.
struct ForeignLockWatch {
    private struct Sight {
        let lock: ForeignLock
        let since: ContinuousClock.Instant
    }

    /// How far the holder's clock may be from ours.
    private static let clockDifference: Int64 = 300

    private var sights: [String: Sight] = [:]

    /// Takes in a look at all locks.
    ///
    /// A lock that was renewed long ago is nobody's. Another counts until it has not been renewed for as long as it says,
    /// by our own clock: the holder's may be wrong.
    ///
    /// - Returns: Those that are held, or may be.
    mutating func look(
        at locks: [ForeignLock],
        time: Timestamp,
        now: ContinuousClock.Instant
    ) -> [ForeignLock] {
        var held: [ForeignLock] = []
        var sights: [String: Sight] = [:]
        for lock in locks {
            let earlier = self.sights[lock.place].flatMap { $0.lock == lock ? $0 : nil }
            let sight = earlier ?? Sight(lock: lock, since: now)
            sights[lock.place] = sight
            let isRecent = lock.renewedAt.seconds + Self.clockDifference > time.seconds
            if isRecent, now < sight.since + lock.duration { held.append(lock) }
        }
        self.sights = sights
        return held
    }
}
