/// How the hooks of one phase ended.
package enum HookPhaseOutcome: Hashable, Sendable {
    /// What the hooks were before or after may go on.
    case passed
    /// A hook failed whose failure is the phase's.
    case failed(HookResult)
}
