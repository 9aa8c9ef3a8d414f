import Kubernetes
import Synchronization

/// Tracks what this process has done, and must still do, to keep volumes' records in step with the cluster.
final class RecordFollowing: Sendable {
    private struct State {
        /// By volume, the uid of the claim that its record names.
        var claims: [ObjectKey: String] = [:]
        /// Volumes whose reclaim began and did not end.
        var releases: Set<ObjectKey> = []
    }

    private let state = Mutex(State())

    func follows(_ claim: String, _ volume: ObjectKey) -> Bool {
        state.withLock { $0.claims[volume] == claim }
    }

    func note(_ claim: String, of volume: ObjectKey) {
        state.withLock { $0.claims[volume] = claim }
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
            state.claims[volume] = nil
            state.releases.remove(volume)
        }
    }
}
