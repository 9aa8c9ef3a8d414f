import Provisioning

/// One thing to do at a moment of a volume's life, as the configuration states it.
package struct Hook: Hashable, Sendable {
    /// What a hook that failed, with its retries, means for its phase.
    package enum ErrorPolicy: String, CaseIterable, Hashable, Sendable {
        /// The phase fails, and what was to follow does not happen.
        case fail = "Fail"
        /// The phase goes on as if nothing had happened; the result tells.
        case `continue` = "Continue"
    }

    /// Whether a hook runs, by how the hooks before it ended.
    package enum ExecutionPolicy: String, CaseIterable, Hashable, Sendable {
        /// Whatever became of hooks that were to be continued after.
        case always = "Always"
        /// Only if no hook before it failed.
        case onSuccess = "OnSuccess"
        /// Only if a hook before it failed, also if that failed the phase.
        case onFailure = "OnFailure"
    }

    /// Unique in the configuration; a DNS label, because Jobs are named after it.
    package var name: String
    package var phase: HookPhase
    package var selector = HookSelector()
    package var action: HookAction
    /// For each attempt.
    package var timeout: Duration
    package var onError = ErrorPolicy.fail
    /// Attempts after the first within one run of the phase. None by default: the controller repeats a phase that
    /// failed, with growing pauses, until it succeeds.
    package var retries = 0
    package var executionPolicy = ExecutionPolicy.always

    /// - Parameters:
    ///   - name: A DNS label.
    ///   - phase: When it runs.
    ///   - action: What it does.
    ///   - timeout: For each attempt; `nil` for the action's default, 1 hour for a Job or a copy, 30 seconds for the rest.
    package init(name: String, phase: HookPhase, action: HookAction, timeout: Duration? = nil) {
        self.name = name
        self.phase = phase
        self.action = action
        self.timeout = timeout ?? action.defaultTimeout
    }
    /// Whether it runs at the event.
    package func isFor(_ event: HookEvent) -> Bool { phase == event.phase && selector.matches(event) }
}
