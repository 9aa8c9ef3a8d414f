import ControllerKit
import Kubernetes
import Logging

/// Logs and counts every hook result, and records an event on the volume while it exists, unless the hook was skipped.
struct ReportedHooks: VolumeHooks {
    let hooks: any VolumeHooks
    let cluster: ClusterView
    let events: EventRecorder
    let metrics: HookMetrics

    func hasHooks(for event: HookEvent) -> Bool { hooks.hasHooks(for: event) }

    func run(
        _ event: HookEvent,
        earlier: [HookResult],
        tar: TarSource?,
        save: (HookResult) async throws -> Void
    ) async throws -> HookPhaseOutcome {
        var results = earlier
        var start = ContinuousClock.now
        let outcome = try await hooks.run(event, earlier: earlier, tar: tar) { result in
            let duration = ContinuousClock.now - start
            try await save(result)
            metrics.ran(result, for: duration)
            results = results.filter { $0.name != result.name || $0.phase != result.phase } + [result]
            await report(result, of: event)
            start = .now
        }
        metrics.backups.note(results, namespace: event.claim?.namespace)
        return outcome
    }

    private func report(_ result: HookResult, of event: HookEvent) async {
        let level: Logger.Level = result.isFailure ? .warning : .info
        var logger = Logger.current
        logger[metadataKey: "subsystem"] = "backup"
        var metadata: Logger.Metadata = [
            "hook": "\(result.name)", "phase": "\(result.phase.rawValue)", "volume": "\(event.volume)",
            "attempts": "\(result.attempts)", "result": "\(result.message)",
        ]
        if let claim = event.claim { metadata["claim"] = "\(claim.namespace)/\(claim.name)" }
        logger.log(level: level, "hook \(result.outcome.rawValue)", metadata: metadata)
        guard result.outcome != .skipped, let volume = cluster.volumes[ObjectKey(name: event.volume)] else { return }
        await events.record(
            on: volume.reference,
            type: result.isFailure ? .warning : .normal,
            reason: result.isFailure ? EventReason.hookFailed : EventReason.hookSucceeded,
            message: "hook \(result.name) (\(result.phase.rawValue)): \(result.message)"
        )
    }
}
