import NFS
import Prometheus
import Synchronization

/// Metrics of the exports, as of the last probe of each.
final class ExportMetrics: Sendable {
    /// By export; nil: it did not answer.
    private let seen = Mutex<[ExportPath: FileSystemStatistics?]>([:])
    private let up: Gauge
    private let roundTrip: Histogram
    private let room: [(gauge: Gauge, amount: @Sendable (FileSystemStatistics) -> UInt64)]

    init(_ registry: Registry) {
        func gauge(_ name: String, _ help: String) -> Gauge {
            registry.gauge(name, help, labels: ["export"], fold: .least)
        }
        up = gauge("sb_nfs_export_up", "Whether the export answered its last probe.")
        roundTrip = registry.histogram(
            "sb_nfs_export_round_trip_seconds",
            "How long the server took to return the attributes of the export's root.",
            labels: ["export"],
            bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        )
        room = [
            (gauge("sb_nfs_export_size_bytes", "Size of the export's file system."), \.totalBytes),
            (gauge("sb_nfs_export_free_bytes", "Free bytes on the export's file system."), \.freeBytes),
            (
                gauge("sb_nfs_export_available_bytes", "Free bytes on the export's file system for ordinary users."),
                \.availableBytes
            ),
            (gauge("sb_nfs_export_inodes", "Files that the export's file system can hold."), \.totalFiles),
            (gauge("sb_nfs_export_inodes_free", "Files that can be added to the export's file system."), \.freeFiles),
        ]
    }

    /// Records a probe of an export; nil means that it did not answer.
    ///
    /// - Returns: Whether it answered the previous probe; nil on the first.
    @discardableResult
    func note(_ probe: ShareProbe?, of export: ExportPath) -> Bool? {
        if let probe { roundTrip.observe(probe.roundTrip, "\(export)") }
        return seen.withLock { seen in
            let earlier = seen.updateValue(probe?.room, forKey: export)
            show(seen)
            return earlier.map { $0 != nil }
        }
    }

    /// Forgets exports that are no longer configured.
    func keep(only exports: Set<ExportPath>) {
        seen.withLock { seen in
            guard !exports.isSuperset(of: seen.keys) else { return }
            seen = seen.filter { exports.contains($0.key) }
            show(seen)
        }
    }

    private func show(_ seen: [ExportPath: FileSystemStatistics?]) {
        up.replace(with: seen.map { Sample($0.value == nil ? 0 : 1, "\($0.key)") })
        for (gauge, amount) in room {
            gauge.replace(
                with: seen.compactMap { export, room in room.map { Sample(Double(amount($0)), "\(export)") } }
            )
        }
    }
}

/// Result of one probe of an export.
struct ShareProbe: Sendable {
    /// How long one GETATTR took.
    let roundTrip: Duration
    let room: FileSystemStatistics
}

extension ShareConnection {
    /// Checks whether the export answers, and how quickly; no file on it is read or changed.
    func probe() async throws(NFSError) -> ShareProbe {
        let root = try await export.root()
        let start = ContinuousClock.now
        _ = try await export.attributes(of: root.handle)
        let roundTrip = ContinuousClock.now - start
        return ShareProbe(roundTrip: roundTrip, room: try await export.statistics())
    }
}
