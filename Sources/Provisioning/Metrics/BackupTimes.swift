import Kubernetes
import Prometheus
import Synchronization

/// Times of the last successful backup of each namespace's data, as far as this process knows: from hooks that it ran,
/// and from the archive records that the leader reads.
final class BackupTimes: Sendable {
    private let times = Mutex<[String: Timestamp]>([:])
    private let gauge: Gauge

    init(_ registry: Registry) {
        gauge = registry.gauge(
            "sb_nfs_last_successful_backup_timestamp_seconds",
            "Time by which every hook that backs up a volume had last succeeded, by the claim's namespace.",
            labels: ["namespace"],
            fold: .least
        )
    }

    /// Records the results of all hooks of one archive.
    func note(_ results: [HookResult], namespace: String?) {
        guard BackupStatus(of: results) == .done else { return }
        let backups = results.filter(\.isOfArchive)
        guard let time = backups.filter({ $0.outcome == .succeeded }).map(\.finishedAt).max() else { return }
        times.withLock { times in
            let namespace = namespace ?? ""
            times[namespace] = max(times[namespace] ?? time, time)
            gauge.replace(with: times.map { Sample(Double($0.value.seconds), $0.key) })
        }
    }
}
