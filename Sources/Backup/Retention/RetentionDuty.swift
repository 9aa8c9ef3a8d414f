import Logging
import Provisioning

/// Purges what the policy lets go, as long as this process leads: one look through all archives each interval, one purge
/// at a time.
package struct RetentionDuty: LeaderDuty {
    /// The claims that wait for a new leader go first.
    private static let firstLook = Duration.seconds(60)

    private let policy: RetentionPolicy
    private let metrics: RetentionMetrics
    private let logger: Logger

    package init(policy: RetentionPolicy, metrics: RetentionMetrics, logger: Logger) {
        self.policy = policy
        self.metrics = metrics
        self.logger = logger
    }

    package func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async {
        let interval = Duration.seconds(policy.interval.seconds)
        var wait = min(interval, Self.firstLook)
        var failed: Set<ArchiveLocation> = []
        defer { metrics.forget() }
        while (try? await Task.sleep(for: wait)) != nil {
            var run = RetentionRun(policy: policy, failedBefore: failed, metrics: metrics, logger: logger)
            await run.perform(on: addresses().map { shares[$0] })
            failed = run.failed
            wait = interval
        }
    }
}
