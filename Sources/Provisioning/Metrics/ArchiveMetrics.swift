import Kubernetes
import Prometheus
import Synchronization

/// Metrics of the archives, as of the last reading of each share's catalogue. Only the leader reads catalogues.
final class ArchiveMetrics: Sendable {
    private let readings = Mutex<[ExportPath: (counts: ArchiveCounts, at: Timestamp)]>([:])
    private let backups: BackupTimes
    private let archives: Gauge
    private let oldest: Gauge
    private let withoutBackup: Gauge
    private let readAt: Gauge

    init(_ registry: Registry, backups: BackupTimes) {
        self.backups = backups
        archives = registry.gauge(
            "sb_nfs_archives",
            "Archives of this cluster by state, as of the leader's last read of the share's catalogue.",
            labels: ["export", "state"],
            limit: 900
        )
        oldest = registry.gauge(
            "sb_nfs_archive_oldest_timestamp_seconds",
            "Time at which the oldest archive in a state entered that state.",
            labels: ["export", "state"],
            limit: 900,
            fold: .least
        )
        withoutBackup = registry.gauge(
            "sb_nfs_archives_without_backup",
            "Archives that need a backup and have none: they are never purged.",
            labels: ["export"]
        )
        readAt = registry.gauge(
            "sb_nfs_catalogue_read_timestamp_seconds",
            "Time of the leader's last complete read of the share's catalogue, which the archive metrics reflect.",
            labels: ["export"],
            fold: .least
        )
    }

    /// Records a catalogue that was read to its end.
    func note(_ catalogue: [CatalogueEntry], of export: ExportPath, cluster: String?) {
        for case .archive(let record, _) in catalogue where record.isOf(cluster) {
            backups.note(record.hooks ?? [], namespace: record.claim?.namespace)
        }
        let counts = ArchiveCounts(of: catalogue, cluster: cluster)
        readings.withLock { readings in
            readings[export] = (counts, .now)
            show(readings)
        }
    }

    /// Forgets exports that are no longer configured, or all once another process may lead, whose counts are newer.
    func keep(only exports: Set<ExportPath>) {
        readings.withLock { readings in
            readings = readings.filter { exports.contains($0.key) }
            show(readings)
        }
    }

    private func show(_ readings: [ExportPath: (counts: ArchiveCounts, at: Timestamp)]) {
        archives.replace(
            with: readings.flatMap { export, reading in
                reading.counts.counts.map { Sample(Double($0.value), "\(export)", $0.key) }
            }
        )
        oldest.replace(
            with: readings.flatMap { export, reading in
                reading.counts.oldest.map { Sample(Double($0.value.seconds), "\(export)", $0.key) }
            }
        )
        withoutBackup.replace(with: readings.map { Sample(Double($0.value.counts.withoutBackup), "\($0.key)") })
        readAt.replace(with: readings.map { Sample(Double($0.value.at.seconds), "\($0.key)") })
    }
}

/// Numbers of this cluster's archives on a share, by state.
struct ArchiveCounts: Sendable {
    /// By a record's state, or `foreign`, or `unreadable`; every state of a record has a number.
    private(set) var counts: [String: Int]
    /// When the oldest archive of each state entered it; final states have none.
    private(set) var oldest: [String: Timestamp] = [:]
    /// Archives on the share that lack a required backup.
    private(set) var withoutBackup = 0

    /// - Parameters:
    ///   - catalogue: The share's whole catalogue.
    ///   - cluster: This cluster: records of another cluster on the same share are not counted.
    init(of catalogue: [CatalogueEntry], cluster: String?) {
        counts = Dictionary(uniqueKeysWithValues: ArchiveRecord.State.allCases.map { ($0.rawValue, 0) })
        counts["foreign"] = 0
        counts["unreadable"] = 0
        for entry in catalogue {
            switch entry {
            case .foreign: counts["foreign", default: 0] += 1
            case .unreadable: counts["unreadable", default: 0] += 1
            case .archive(let record, _) where record.isOf(cluster): count(record)
            case .archive: break
            }
        }
    }

    private mutating func count(_ record: ArchiveRecord) {
        let state = record.state.rawValue
        counts[state, default: 0] += 1
        if let since = record.inStateSince { oldest[state] = min(oldest[state] ?? since, since) }
        if record.isOnShare, record.lacksBackup { withoutBackup += 1 }
    }
}
