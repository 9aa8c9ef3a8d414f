import Synchronization

/// Expansions of this process that are let, and that the cluster does not show yet: of two at the same moment each
/// counts the other.
final class PromisedSizes: Sendable {
    private let plans = Mutex<[ExpansionPlan]>([])

    /// Counts a plan from now on, if it is let beside those that are under way.
    ///
    /// - Parameters:
    ///   - plan: What is to change.
    ///   - isLet: Told the others.
    /// - Returns: Whether it is let; if so, it is to be given back once the cluster shows it, or it failed.
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
