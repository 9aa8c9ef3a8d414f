import Kubernetes
import NFS
import Presentation
import Provisioning

/// A report on who uses how much. Programs may rely on its JSON.
package struct UsageReport: Codable, Sendable, Hashable {
    /// The totals of one group of volumes and archives.
    package struct Row: Codable, Sendable, Hashable {
        /// The key of the group; the other keys are nil.
        package var export: String?
        package var storageClass: String?
        package var namespace: String?
        package var claim: String?
        package var volumes = 0
        package var archives = 0
        package var requestedBytes: Int64 = 0
        /// The used bytes of what has been measured.
        package var usedBytes: UInt64 = 0
        package var files: UInt64 = 0
        package var unmeasured = 0
        /// The growth since ``UsageReport/growthSince`` of what was measured then; nil if nothing was.
        package var growthBytes: Int64?

        package init() {}
    }

    /// The room on one export.
    package struct Room: Codable, Sendable, Hashable {
        package var export: String
        package var totalBytes: UInt64
        package var freeBytes: UInt64
        package var totalFiles: UInt64
        package var freeFiles: UInt64
    }

    package var version = 1
    package var generatedAt: Timestamp
    package var cluster: String?
    package var filter: ReportFilter
    package var growthSince: Timestamp?
    package var room: [Room]
    package var byExport: [Row]
    package var byClass: [Row]
    package var byNamespace: [Row]
    /// One row per claim, with its namespace.
    package var byClaim: [Row]
    package var gaps: [ReportGap]
}

extension UsageReport {
    /// - Parameters:
    ///   - sources: The sources.
    ///   - filter: Selects the volumes and archives; a failure is a row that uses more than was requested.
    ///   - growthSince: The time since which growth is measured; nil for no growth.
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
            gaps: sources.gaps
        )
    }
}

extension UsageReport.Row {
    /// The key that a row is grouped by.
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

extension UsageReport: Report {
    package var set: ReportSet { ReportSet(usage: self) }

    package var title: String { "Usage" }

    package var summaryLines: [String] {
        let requested = byExport.reduce(Int64(0)) { $0.addingUpToMax($1.requestedBytes) }
        let used = byExport.reduce(UInt64(0)) { $0.addingUpToMax($1.usedBytes) }
        let unmeasured = byExport.reduce(0) { $0 + $1.unmeasured }
        let note = unmeasured > 0 ? " (\(unmeasured) volumes and archives not measured)" : ""
        return ["\(ByteCount(requested)) requested, \(ByteCount(used)) used\(note)"]
            + (growthSince.map { ["growth since \($0)"] } ?? [])
    }

    package var sections: [ReportSection] {
        let free = Table(
            header: ["EXPORT", "SIZE", "FREE", "FILES", "FREE FILES"],
            rows: room.map { room in
                [
                    room.export, "\(ByteCount(room.totalBytes))", "\(ByteCount(room.freeBytes))", "\(room.totalFiles)",
                    "\(room.freeFiles)",
                ]
            }
        )
        return [
            ReportSection(caption: "Space", table: free),
            section("By export", ["EXPORT"], byExport) { [$0.export] },
            section("By class", ["CLASS"], byClass) { [$0.storageClass] },
            section("By namespace", ["NAMESPACE"], byNamespace) { [$0.namespace] },
            section("By claim", ["NAMESPACE", "CLAIM"], byClaim) { [$0.namespace, $0.claim] },
        ]
    }

    private func section(
        _ caption: String,
        _ names: [String],
        _ rows: [Row],
        _ name: (Row) -> [String?]
    ) -> ReportSection {
        let header = names + ["VOLUMES", "ARCHIVES", "REQUESTED", "USED", "FILES", "NOT MEASURED", "GROWTH", "NOTE"]
        let cells = rows.map { row in
            let numbers = [
                "\(row.volumes)", "\(row.archives)", "\(ByteCount(row.requestedBytes))",
                row.isMeasured ? "\(ByteCount(row.usedBytes))" : "", row.isMeasured ? "\(row.files)" : "",
                "\(row.unmeasured)", row.growthBytes.map { "\(ByteCount($0))" } ?? "",
                row.isAboveRequest ? "above request" : "",
            ]
            return name(row).map { $0 ?? "" } + numbers
        }
        let table = Table(header: header, rows: cells, wide: ["FILES", "NOT MEASURED"])
        return ReportSection(caption: caption, table: table)
    }

    package var records: Table {
        let header = [
            "by", "export", "class", "namespace", "claim", "volumes", "archives", "requestedBytes", "usedBytes",
            "files",
            "unmeasured", "growthBytes", "totalBytes", "freeBytes", "totalFiles", "freeFiles", "reason",
        ]
        let groups = [("export", byExport), ("class", byClass), ("namespace", byNamespace), ("claim", byClaim)]
        let rows = groups.flatMap { kind, rows in rows.map { [kind] + $0.values } }
        let unseen = gaps.map { spot in
            [ReportGap.rowKind, spot.export ?? ""] + Array(repeating: "", count: 14) + [spot.reason]
        }
        return Table(header: header, rows: room.map(\.values) + rows + unseen)
    }
}

extension UsageReport.Row {
    /// Whether anything in the row is measured.
    fileprivate var isMeasured: Bool { unmeasured < volumes + archives }

    fileprivate var values: [String] {
        let values: [String?] = [
            export, storageClass, namespace, claim, volumes.description, archives.description,
            requestedBytes.description, usedBytes.description, files.description, unmeasured.description,
            growthBytes?.description, nil, nil, nil, nil, nil,
        ]
        return values.map { $0 ?? "" }
    }
}

extension UsageReport.Room {
    fileprivate var values: [String] {
        let empty = Array(repeating: "", count: 10)
        let numbers = [totalBytes, freeBytes, totalFiles, freeFiles].map(\.description)
        return ["room", export] + empty + numbers + [""]
    }
}
