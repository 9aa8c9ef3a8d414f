import ControllerKit
import Kubernetes
import Logging

/// Hooks whose every result is a line in the log, and an event on the volume as long as there is one.
struct ReportedHooks: VolumeHooks {
    let hooks: any VolumeHooks
    let cluster: ClusterView
    let events: EventRecorder

    func hasHooks(for event: HookEvent) -> Bool { hooks.hasHooks(for: event) }

    func run(
        _ event: HookEvent,
        earlier: [HookResult],
        tar: TarSource?,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome {
        try await hooks.run(event, earlier: earlier, tar: tar) { result in
            try await save(result)
            await report(result, of: event)
        }
    }

    private func report(_ result: HookResult, of event: HookEvent) async {
        let level: Logger.Level = result.isFailure ? .warning : .info
        Logger.current.log(
            level: level,
            "hook \(result.outcome.rawValue)",
            metadata: [
                "hook": "\(result.name)",
                "phase": "\(result.phase.rawValue)",
                "volume": "\(event.volume)",
                "claim": "\(event.claim.map { "\($0.namespace)/\($0.name)" } ?? "")",
                "attempts": "\(result.attempts)",
                "result": "\(result.message)",
            ]
        )
        guard result.outcome != .skipped, let volume = cluster.volumes[ObjectKey(name: event.volume)] else { return }
        await events.record(
            on: volume.reference,
            type: result.isFailure ? .warning : .normal,
            reason: result.isFailure ? EventReason.hookFailed : EventReason.hookSucceeded,
            message: "hook \(result.name) (\(result.phase.rawValue)): \(result.message)"
        )
    }
}
