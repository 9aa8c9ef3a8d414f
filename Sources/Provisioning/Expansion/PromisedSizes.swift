import Synchronization

/// Expansions that this process has approved and the cluster does not show yet, so that two concurrent expansions count
/// each other.
final class PromisedSizes: Sendable {
    private let plans = Mutex<[ExpansionPlan]>([])

    /// Adds a plan if it is approved alongside those under way.
    ///
    /// - Parameters:
    ///   - plan: The expansion.
    ///   - isLet: Decides, given the other expansions under way.
    /// - Returns: Whether it is approved; if so, call ``giveBack(_:)`` once the cluster shows it, or it has failed.
    func take(_ plan: ExpansionPlan, if isLet: (_ others: [ExpansionPlan]) -> Bool) -> Bool {
        plans.withLock { plans in
            guard isLet(plans) else { return false }
            plans.append(plan)
            return true
        }
    }

    func giveBack(_ plan: ExpansionPlan) {
        plans.withLock { plans in
            if let index = plans.firstIndex(of: plan) { plans.remove(at: index) }
        }
    }
}
