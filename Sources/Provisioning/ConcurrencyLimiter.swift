import Synchronization

/// Bounds how much long work of one kind is under way, so that short work goes on beside it.
package final class ConcurrencyLimiter<Key: Hashable & Sendable>: Sendable {
    private let limit: Int
    private let taken = Mutex<Set<Key>>([])

    package init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: false while there are as many as there may be, or the key's own is under way.
    package func enter(_ key: Key) -> Bool {
        taken.withLock { taken in
            guard taken.count < limit else { return false }
            return taken.insert(key).inserted
        }
    }

    package func leave(_ key: Key) {
        _ = taken.withLock { $0.remove(key) }
    }
}
