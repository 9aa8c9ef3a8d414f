import Kubernetes
import Synchronization

/// Claims for which work has begun and whose volume does not exist yet.
final class BegunClaims: Sendable {
    struct Begun {
        let plan: ProvisioningPlan
        let at: ContinuousClock.Instant
        /// Whether anything on the share may have been made for it.
        var hasChangedShare = false
    }

    private let begun = Mutex<[ObjectKey: Begun]>([:])

    subscript(key: ObjectKey) -> Begun? {
        begun.withLock { $0[key] }
    }

    /// Whether work is still under way for an earlier claim of the same name, which is gone.
    func holdsAnother(than plan: ProvisioningPlan) -> Bool {
        self[plan.claimKey].map { $0.plan.claim.uid != plan.claim.uid } ?? false
    }

    /// - Returns: Whether this is the first try for the claim.
    func add(_ plan: ProvisioningPlan) -> Bool {
        begun.withLock { begun in
            if begun[plan.claimKey]?.plan.claim.uid == plan.claim.uid { return false }
            begun[plan.claimKey] = Begun(plan: plan, at: .now)
            return true
        }
    }

    func noteChange(for key: ObjectKey) {
        begun.withLock { $0[key]?.hasChangedShare = true }
    }

    @discardableResult
    func remove(_ key: ObjectKey) -> Begun? {
        begun.withLock { $0.removeValue(forKey: key) }
    }
}
