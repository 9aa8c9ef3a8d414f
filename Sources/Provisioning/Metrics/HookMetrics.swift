import Prometheus

/// Metrics of hooks.
package struct HookMetrics: Sendable {
    let backups: BackupTimes
    private let runs: Counter
    private let duration: Histogram

    init(_ registry: Registry) {
        let labels = ["hook", "phase", "kind"]
        backups = BackupTimes(registry)
        runs = registry.counter(
            "sb_nfs_hook_runs_total",
            "Hook runs by outcome; retries within a run are not counted.",
            labels: labels + ["outcome"],
            limit: 400
        )
        duration = registry.histogram(
            "sb_nfs_hook_duration_seconds",
            "Duration of hook runs, including retries.",
            labels: labels,
            bounds: [0.1, 0.5, 2, 10, 30, 120, 600, 1800, 3600, 7200]
        )
    }

    /// Exposes a configured hook's series before it has run.
    package func expect(_ hook: String, _ phase: HookPhase, _ kind: HookKind) {
        for outcome in HookResult.Outcome.allCases {
            runs.increment(hook, phase.rawValue, kind.rawValue, outcome.rawValue, by: 0)
        }
    }

    func ran(_ result: HookResult, for duration: Duration) {
        runs.increment(result.name, result.phase.rawValue, result.kind.rawValue, result.outcome.rawValue)
        guard result.outcome != .skipped else { return }
        self.duration.observe(duration, result.name, result.phase.rawValue, result.kind.rawValue)
    }
}
