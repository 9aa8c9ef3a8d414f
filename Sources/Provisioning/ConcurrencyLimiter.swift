import Synchronization

/// Limits how many long operations of one kind run at a time, so that short ones still get their turn.
package final class ConcurrencyLimiter<Key: Hashable & Sendable>: Sendable {
    private let limit: Int
    private let taken = Mutex<Set<Key>>([])

    package init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: false at the limit, or while an operation of the same key is running.
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
