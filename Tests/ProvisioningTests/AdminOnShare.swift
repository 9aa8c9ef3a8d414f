import Kubernetes
import Synchronization

/// Somebody who does something, once, while something else is under way.
final class AdminOnShare: Sendable {
    let action = Mutex<@Sendable () async throws -> Void>({})

    func act() async throws {
        let action = action.withLock { action in
            defer { action = {} }
            return action
        }
        try await action()
    }

    /// A volume that was made meanwhile.
    final class Made: Sendable {
        private let made = Mutex<PersistentVolume?>(nil)

        var volume: PersistentVolume? { made.withLock { $0 } }

        func note(_ volume: PersistentVolume?) { made.withLock { $0 = volume } }
    }
}
