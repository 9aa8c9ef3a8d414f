import Provisioning

/// The hooks of one phase at one event, in the configured order. The plan decides which is next, and runs none.
///
/// - A hook that succeeded at this event in an earlier run does not run again.
/// - After a failed hook with `onError: Fail` the phase has failed. Of the rest only hooks with
///   `executionPolicy: OnFailure` still run; the others have no result.
/// - After a failed hook with `onError: Continue` the rest run, except those with `executionPolicy: OnSuccess`.
struct HookPlan: Sendable {
    enum Step: Hashable, Sendable {
        /// Run it and ``note(_:)`` the result. `attemptsBefore` counts those of earlier runs.
        case run(Hook, attemptsBefore: Int)
        /// ``note(_:)`` a result that says it was skipped, and why.
        case skip(Hook, attemptsBefore: Int, because: String)
        case end(HookPhaseOutcome)
    }

    private var rest: ArraySlice<Hook>
    private let earlier: [String: HookResult]
    /// How the hooks before the next one ended.
    private var before: [HookResult]
    /// The result that failed the phase.
    private var failure: HookResult?
    private var current: Hook?

    /// - Parameters:
    ///   - hooks: All configured hooks.
    ///   - event: What happens.
    ///   - earlier: Results of earlier runs at this event. Those of other phases count as results of hooks that ran
    ///     before.
    init(hooks: [Hook], event: HookEvent, earlier: [HookResult]) {
        rest = hooks.filter { $0.isFor(event) }[...]
        let ofPhase = earlier.filter { $0.phase == event.phase }.map { ($0.name, $0) }
        self.earlier = Dictionary(ofPhase, uniquingKeysWith: { _, later in later })
        before = earlier.filter { $0.phase != event.phase }
    }

    mutating func next() -> Step {
        while let hook = rest.popFirst() {
            let result = earlier[hook.name]
            if let result, result.outcome == .succeeded {
                before.append(result)
                continue
            }
            guard failure == nil || hook.executionPolicy == .onFailure else { continue }
            current = hook
            let attemptsBefore = result?.attempts ?? 0
            let hasFailure = before.contains(where: \.isFailure)
            switch hook.executionPolicy {
            case .onSuccess where hasFailure:
                return .skip(hook, attemptsBefore: attemptsBefore, because: "an earlier hook failed")
            case .onFailure where !hasFailure:
                return .skip(hook, attemptsBefore: attemptsBefore, because: "no earlier hook failed")
            default:
                return .run(hook, attemptsBefore: attemptsBefore)
            }
        }
        return .end(failure.map { .failed($0) } ?? .passed)
    }

    /// Records the result of the last step's hook.
    mutating func note(_ result: HookResult) {
        before.append(result)
        if result.isFailure, failure == nil, current?.onError == .fail { failure = result }
    }
}
