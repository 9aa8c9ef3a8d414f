import Kubernetes
import Synchronization

/// Last labels and annotations of claims whose deletion the watch reported, kept for as long as their volumes exist
/// (R13: in doubt, the data is kept).
///
/// Bounded, because anyone who may create claims could fill the memory otherwise. The oldest entries go first; their
/// claims then count as claims whose deletion was not seen.
package final class DeletedClaims: Sendable {
    private struct Entry {
        let notes: ClaimNotes
        let size: Int
        let number: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// By age, with leftovers that ``entries`` no longer has.
        var order: [(uid: String, number: Int)] = []
        var next = 0
        var size = 0

        mutating func remove(_ uid: String) {
            if let entry = entries.removeValue(forKey: uid) { size -= entry.size }
        }

        mutating func add(_ uid: String, _ notes: ClaimNotes) {
            remove(uid)
            let entry = Entry(notes: notes, size: notes.size + uid.utf8.count, number: next)
            entries[uid] = entry
            order.append((uid, next))
            size += entry.size
            next += 1
        }

        /// Removes the oldest until the rest is within the limits.
        mutating func shrink(toCount count: Int, size limit: Int) {
            var dropped = 0
            while entries.count > count || size > limit, dropped < order.count {
                let (uid, number) = order[dropped]
                if entries[uid]?.number == number { remove(uid) }
                dropped += 1
            }
            order.removeFirst(dropped)
            guard order.count > 2 * entries.count + 64 else { return }
            order.removeAll { entries[$0.uid]?.number != $0.number }
        }
    }

    private let state = Mutex(State())
    private let countLimit: Int
    private let sizeLimit: Int

    /// - Parameters:
    ///   - countLimit: How many claims are kept.
    ///   - sizeLimit: How many bytes their labels and annotations may have together.
    package init(countLimit: Int = 20_000, sizeLimit: Int = 16 << 20) {
        (self.countLimit, self.sizeLimit) = (countLimit, sizeLimit)
    }

    /// The last notes of the claim with a uid; nil if its deletion was not seen.
    package subscript(uid: String) -> ClaimNotes? { state.withLock { $0.entries[uid]?.notes } }

    /// Keeps the last state of a claim that was bound to a volume.
    package func note(_ claim: PersistentVolumeClaim) {
        guard let uid = claim.metadata.uid, !(claim.spec?.volumeName ?? "").isEmpty else { return }
        let notes = ClaimNotes(claim.metadata)
        state.withLock { state in
            state.add(uid, notes)
            state.shrink(toCount: countLimit, size: sizeLimit)
        }
    }

    /// Drops a claim whose volume is gone.
    package func forget(_ uid: String) {
        state.withLock { $0.remove(uid) }
    }
}

extension ClaimNotes {
    /// The approximate size in bytes.
    fileprivate var size: Int {
        [labels, annotations].joined().reduce(128) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
}
