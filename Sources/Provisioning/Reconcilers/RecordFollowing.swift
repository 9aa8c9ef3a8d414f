import Kubernetes
import Synchronization

/// Tracks what this process has done, and must still do, to keep volumes' records in step with the cluster.
final class RecordFollowing: Sendable {
    /// The least time between two comparisons of a record, and between the first sight of a volume and the first one: not
    /// at a start, with all others, and not with each change of an annotation that changes all the time.
    static let pause = Duration.seconds(60)

    /// The seconds over which first comparisons are spread.
    private static let spread: UInt = 300

    /// What was seen of a volume, or its record says; there are many volumes, so only hashes.
    private struct Version {
        /// Of labels and annotations, which may change all the time.
        let notes: Int
        /// Of the rest.
        let rest: Int
        let at: ContinuousClock.Instant

        init(_ volume: BoundVolume, at: ContinuousClock.Instant) {
            notes = volume.notes.hashValue
            var rest = Hasher()
            rest.combine(volume.claim)
            rest.combine(volume.capacity)
            rest.combine(volume.accessModes)
            rest.combine(volume.mountOptions)
            (self.rest, self.at) = (rest.finalize(), at)
        }

        func isSame(as other: Version) -> Bool { notes == other.notes && rest == other.rest }
    }

    private struct State {
        var written: [ObjectKey: Version] = [:]
        /// Volumes whose records have not been compared yet, as they were seen first.
        var seen: [ObjectKey: Version] = [:]
        /// Those of them whose first comparison has its time.
        var scheduled: Set<ObjectKey> = []
        /// Volumes whose reclaim began and did not end.
        var releases: Set<ObjectKey> = []
    }

    private let state = Mutex(State())

    /// When a record must be compared with what the cluster says.
    ///
    /// - Returns: The time until then, 0 for now; nil if it is in step, or if the next resync is early enough.
    func due(_ volume: BoundVolume, named key: ObjectKey, now: ContinuousClock.Instant = .now) -> Duration? {
        let version = Version(volume, at: now)
        return state.withLock { state in
            if let written = state.written[key] {
                if written.rest != version.rest { return .zero }
                return written.notes == version.notes ? nil : max(.zero, Self.pause - (now - written.at))
            }
            // Made for another claim.
            if key.name != "pvc-\(volume.claim.uid)" { return .zero }
            let seen = state.seen[key] ?? version
            state.seen[key] = seen
            if !seen.isSame(as: version) { return .zero }
            if now - seen.at < Self.pause { return nil }
            // A resync queues all volumes at the same time.
            return state.scheduled.insert(key).inserted
                ? .seconds(1 + Int(key.hashValue.magnitude % Self.spread)) : .zero
        }
    }

    /// Notes that a record says what the cluster says.
    func note(_ volume: BoundVolume, named key: ObjectKey, now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.written[key] = Version(volume, at: now)
            state.seen[key] = nil
            state.scheduled.remove(key)
        }
    }

    /// Whether the record may say that the volume was released.
    func mayHaveRelease(_ volume: ObjectKey) -> Bool {
        state.withLock { $0.releases.contains(volume) }
    }

    func begin(releaseOf volume: ObjectKey) {
        _ = state.withLock { $0.releases.insert(volume) }
    }

    func end(releaseOf volume: ObjectKey) {
        _ = state.withLock { $0.releases.remove(volume) }
    }

    /// Drops a volume that is gone.
    func forget(_ volume: ObjectKey) {
        state.withLock { state in
            state.written[volume] = nil
            state.seen[volume] = nil
            state.scheduled.remove(volume)
            state.releases.remove(volume)
        }
    }
}
