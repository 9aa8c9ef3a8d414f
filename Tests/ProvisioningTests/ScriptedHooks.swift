import Kubernetes
import Synchronization

@testable import Provisioning

/// Hooks in the place of programs, requests and Jobs: one hook a phase, which ends as the test says.
final class ScriptedHooks: VolumeHooks {
    private let state: Mutex<(outcomes: [HookPhase: HookResult.Outcome], ran: [HookPhase])>
    /// Done while a hook runs.
    private let meanwhile: @Sendable (HookPhase) async throws -> Void

    init(
        _ outcomes: [HookPhase: HookResult.Outcome],
        meanwhile: @escaping @Sendable (HookPhase) async throws -> Void = { _ in }
    ) {
        state = Mutex((outcomes, []))
        self.meanwhile = meanwhile
    }

    /// The phases whose hook has run, in order.
    var ran: [HookPhase] { state.withLock { $0.ran } }

    func set(_ phase: HookPhase, _ outcome: HookResult.Outcome) {
        state.withLock { $0.outcomes[phase] = outcome }
    }

    func hasHooks(for event: HookEvent) -> Bool {
        state.withLock { $0.outcomes[event.phase] != nil }
    }

    func run(
        _ event: HookEvent,
        earlier: [HookResult],
        tar: TarSource?,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome {
        let before = earlier.first { $0.phase == event.phase }
        if before?.outcome == .succeeded { return .passed }
        guard let outcome = state.withLock({ $0.outcomes[event.phase] }) else { return .passed }
        state.withLock { $0.ran.append(event.phase) }
        try await meanwhile(event.phase)
        let result = HookResult(
            name: "scripted",
            phase: event.phase,
            kind: .exec,
            outcome: outcome,
            attempts: (before?.attempts ?? 0) + 1,
            startedAt: .now,
            finishedAt: .now,
            message: "it ended as the test says"
        )
        try await save(result)
        return outcome == .succeeded ? .passed : .failed(result)
    }
}
