import Kubernetes
import NFS
import Provisioning

extension UsageReport {
    /// - Parameters:
    ///   - sources: All that is known.
    ///   - filter: What of it is wanted; a failure is a row that uses more than was requested.
    ///   - growthSince: What growth is measured against; nil: none is.
    package init(of sources: ReportSources, filter: ReportFilter, growthSince: Timestamp? = nil) {
        let matcher = ReportMatcher(filter)
        let wanted = BackupItems(of: sources).all.filter { matcher.matches($0.item) && !$0.item.hasEnded }
        func rows(_ name: (BackupItem) -> Row.Name) -> [Row] {
            var rows: [Row.Name: Row] = [:]
            for (item, history) in wanted {
                let name = name(item)
                rows[name, default: Row(name)].add(item, growth: growthSince.flatMap { history?.growth(since: $0) })
            }
            return rows.sorted { $0.key < $1.key }.map(\.value).filter { !filter.failuresOnly || $0.isAboveRequest }
        }
        self.init(
            generatedAt: sources.now,
            cluster: sources.cluster.id,
            filter: filter,
            growthSince: growthSince,
            room: sources.shares.compactMap { share in share.room.map { Room($0, on: share.export) } },
            byExport: rows { Row.Name(export: $0.export) },
            byClass: rows { Row.Name(storageClass: $0.storageClass) },
            byNamespace: rows { Row.Name(namespace: $0.namespace) },
            byClaim: rows { Row.Name(namespace: $0.namespace, claim: $0.claim) },
            blindSpots: sources.blindSpots
        )
    }
}

extension UsageReport.Row {
    /// What a row is gathered by.
    fileprivate struct Name: Hashable, Comparable {
        var export: String?
        var storageClass: String?
        var namespace: String?
        var claim: String?

        static func < (one: Name, other: Name) -> Bool {
            (one.export ?? one.storageClass ?? one.namespace ?? "", one.claim ?? "")
                < (other.export ?? other.storageClass ?? other.namespace ?? "", other.claim ?? "")
        }
    }

    fileprivate init(_ name: Name) {
        self.init()
        (export, storageClass, namespace, claim) = (name.export, name.storageClass, name.namespace, name.claim)
    }

    fileprivate mutating func add(_ item: BackupItem, growth: Int64?) {
        if item.kind == .volume { volumes += 1 } else { archives += 1 }
        requestedBytes.addUpToMax(item.requestedBytes ?? 0)
        usedBytes.addUpToMax(item.usedBytes ?? 0)
        files.addUpToMax(item.files ?? 0)
        if item.usedBytes == nil { unmeasured += 1 }
        if let growth { growthBytes = (growthBytes ?? 0).addingUpToMax(growth) }
    }

    /// Whether more is used than was requested.
    package var isAboveRequest: Bool { usedBytes > UInt64(clamping: requestedBytes) }
}

extension UsageReport.Room {
    fileprivate init(_ statistics: FileSystemStatistics, on export: ExportPath) {
        self.init(
            export: "\(export)",
            totalBytes: statistics.totalBytes,
            freeBytes: statistics.availableBytes,
            totalFiles: statistics.totalFiles,
            freeFiles: statistics.availableFiles
        )
    }
}

extension UsageHistory {
    /// How much more it holds than at a time; nil if nothing was measured before then.
    fileprivate func growth(since time: Timestamp) -> Int64? {
        guard let latest, let then = sample(at: time) else { return nil }
        return latest.usedBytes >= then.usedBytes
            ? Int64(clamping: latest.usedBytes - then.usedBytes) : -Int64(clamping: then.usedBytes - latest.usedBytes)
    }
}
