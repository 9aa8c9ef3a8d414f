import ControllerKit
import Kubernetes
import Provisioning

/// Runs the admin's hooks at each lifecycle phase, and saves the result of each.
///
/// Cancelling the task stops immediately: a program is killed, a request is abandoned, and a Job goes on until the next run
/// finds it. The interrupted hook has no result, so the next run starts it again.
package struct HookRunner: VolumeHooks {
    private let hooks: [Hook]
    private let actions: HookActions
    private let backoff: Backoff

    /// - Parameters:
    ///   - hooks: All configured hooks, in order.
    ///   - actions: The actions behind the hooks.
    ///   - backoff: The pauses between the attempts of one hook.
    package init(
        hooks: [Hook],
        actions: HookActions,
        backoff: Backoff = Backoff(initial: .seconds(1), maximum: .seconds(30), jitter: 0.2)
    ) {
        self.hooks = hooks
        self.actions = actions
        self.backoff = backoff
    }

    /// Whether any hook is for the event.
    package func hasHooks(for event: HookEvent) -> Bool {
        hooks.contains { $0.isFor(event) }
    }

    /// Runs the hooks for an event, one after the other. ``HookPlan`` has the rules.
    ///
    /// - Parameters:
    ///   - event: What happens; the same values each time the event is resumed.
    ///   - earlier: Every result saved for this event, of any phase.
    ///   - tar: Makes the tree's tar stream for hooks that need it; called for each attempt. With `nil` those hooks
    ///     fail.
    ///   - save: Saves a result. The next hook starts only after it returns.
    /// - Returns: Whether the operation that the hooks belong to may go on.
    /// - Throws: `CancellationError`, and what `save` throws.
    package func run(
        _ event: HookEvent,
        earlier: [HookResult] = [],
        tar: TarSource? = nil,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome {
        var plan = HookPlan(hooks: hooks, event: event, earlier: earlier)
        while true {
            let result: HookResult
            switch plan.next() {
            case .end(let outcome):
                return outcome
            case .skip(let hook, let attempts, let reason):
                result = HookResult(HookAttempt(.skipped, "not run: \(reason)"), of: hook, attempts: attempts)
            case .run(let hook, let attemptsBefore):
                result = try await run(hook, HookFacts(event, hook: hook.name), attemptsBefore, tar)
            }
            try await save(result)
            plan.note(result)
        }
    }

    private func run(
        _ hook: Hook,
        _ facts: HookFacts,
        _ attemptsBefore: Int,
        _ tar: TarSource?
    ) async throws -> HookResult {
        let start = Timestamp.now
        var tries = 0
        while true {
            tries += 1
            let number = attemptsBefore + tries
            let attempt = try await actions.attempt(hook, facts, number: number, tar: tar)
            let result = HookResult(attempt, of: hook, attempts: number, startedAt: start)
            guard result.isFailure, tries <= hook.retries else { return result }
            try await Task.sleep(for: backoff.delay(afterFailures: tries))
        }
    }
}

extension HookResult {
    /// The result after the last attempt at a hook.
    fileprivate init(_ attempt: HookAttempt, of hook: Hook, attempts: Int, startedAt: Timestamp = .now) {
        self.init(
            name: hook.name,
            phase: hook.phase,
            kind: hook.action.kind,
            outcome: attempt.outcome,
            attempts: attempts,
            startedAt: startedAt,
            finishedAt: .now,
            exitCode: attempt.exitCode,
            httpStatus: attempt.httpStatus,
            message: attempt.message,
            output: attempt.output,
            bytes: attempt.bytes
        )
    }
}

/// How one attempt at a hook ended.
package struct HookAttempt: Hashable, Sendable {
    package var outcome: HookResult.Outcome
    package var exitCode: Int?
    package var httpStatus: Int?
    /// One sentence.
    package var message: String
    package var output: String?
    package var bytes: Int64?

    init(_ outcome: HookResult.Outcome, _ message: String, httpStatus: Int? = nil, output: String? = nil) {
        self.outcome = outcome
        self.message = message
        self.httpStatus = httpStatus
        self.output = output
    }
}
