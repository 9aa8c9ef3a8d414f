import Kubernetes
import Synchronization

/// Copies of archives under way in this process: few at once, so that claims which ask for an empty directory go on
/// being served.
final class CopySlots: Sendable {
    private static let limit = 2

    private let claims = Mutex<Set<ObjectKey>>([])

    /// - Returns: false while there are as many as there may be.
    func enter(_ claim: ObjectKey) -> Bool {
        claims.withLock { claims in
            guard claims.count < Self.limit else { return false }
            return claims.insert(claim).inserted
        }
    }

    func leave(_ claim: ObjectKey) {
        _ = claims.withLock { $0.remove(claim) }
    }
}
