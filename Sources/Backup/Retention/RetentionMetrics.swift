import Prometheus
import Provisioning

/// The metrics of what retention purged and could not purge.
package struct RetentionMetrics: Sendable {
    private let purges: Counter
    private let failures: Counter
    private let left: Gauge
    private let blocked: Gauge
    private let lastRun: Gauge

    package init(_ registry: Registry) {
        let labels = ["export"]
        purges = registry.counter("sb_nfs_archive_purges_total", "Archives that retention purged.", labels: labels)
        failures = registry.counter(
            "sb_nfs_archive_purge_failures_total",
            "Attempts of retention to purge an archive that failed.",
            labels: labels
        )
        left = registry.gauge(
            "sb_nfs_archives_due_for_purge",
            "Archives that are still due for purging after the last run of retention.",
            labels: labels
        )
        blocked = registry.gauge(
            "sb_nfs_retention_blocked",
            "Whether the last run of retention could purge nothing on the export: unreachable, unreadable, or a wrong clock.",
            labels: labels,
            fold: .greatest
        )
        lastRun = registry.gauge(
            "sb_nfs_retention_last_run_timestamp_seconds",
            "When the last run of retention ended."
        )
    }

    /// Exposes a share's counters before the first purge on it.
    func expect(_ share: ShareAddress) {
        purges.increment("\(share)", by: 0)
        failures.increment("\(share)", by: 0)
    }

    func purged(on share: ShareAddress) {
        purges.increment("\(share)")
    }

    func failed(on share: ShareAddress) {
        failures.increment("\(share)")
    }

    /// Records the end of a run.
    ///
    /// - Parameters:
    ///   - left: The number of archives that are due and still there, by share.
    ///   - blocked: The shares on which nothing could be purged.
    ///   - now: The present, in seconds since 1970.
    func ended(left: [ShareAddress: Int], blocked: Set<ShareAddress>, now: Int64) {
        self.left.replace(with: left.map { Sample(Double($0.value), "\($0.key)") })
        self.blocked.replace(with: left.keys.map { Sample(blocked.contains($0) ? 1 : 0, "\($0)") })
        lastRun.set(Double(now))
    }

    /// Drops the gauges: another process may lead from now on and know better what is left.
    func forget() {
        for gauge in [left, blocked, lastRun] { gauge.replace(with: []) }
    }
}
