import Logging
import Presentation
import Provisioning

/// Purges expired archives while this process leads: one run through all archives each interval, one purge at a time.
package struct RetentionTask: LeaderTask {
    /// The time before the first run: the claims that wait for a new leader come first.
    private static let firstLook = Duration.seconds(60)

    private let policy: RetentionPolicy
    private let protection: @Sendable () async throws -> ArchiveProtection
    private let metrics: RetentionMetrics
    private let logger: Logger

    /// - Parameters:
    ///   - policy: The retention policy.
    ///   - protection: Reads from the cluster what protects archives; called in each run, and again before each purge.
    ///   - metrics: Counts what runs do.
    ///   - logger: Logs each purge, and each problem.
    package init(
        policy: RetentionPolicy,
        protection: @escaping @Sendable () async throws -> ArchiveProtection,
        metrics: RetentionMetrics,
        logger: Logger
    ) {
        self.policy = policy
        self.protection = protection
        self.metrics = metrics
        self.logger = logger
    }

    package func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async {
        let interval = Duration.seconds(policy.interval.seconds)
        var wait = min(interval, Self.firstLook)
        var failed: Set<ArchiveLocation> = []
        defer { metrics.forget() }
        while (try? await Task.sleep(for: wait)) != nil {
            var run = RetentionRun(
                policy: policy,
                protection: protection,
                failedBefore: failed,
                metrics: metrics,
                logger: logger
            )
            await run.perform(on: addresses().map { shares[$0] })
            failed = run.failed
            wait = interval
        }
    }
}
