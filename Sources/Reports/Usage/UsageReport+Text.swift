import Provisioning

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
            ReportSection(caption: "Room", table: free),
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
        return ReportSection(caption: caption, table: Table(header: header, rows: cells))
    }

    package var records: Table {
        let header = [
            "by", "export", "class", "namespace", "claim", "volumes", "archives", "requestedBytes", "usedBytes",
            "files",
            "unmeasured", "growthBytes", "totalBytes", "freeBytes", "totalFiles", "freeFiles", "reason",
        ]
        let groups = [("export", byExport), ("class", byClass), ("namespace", byNamespace), ("claim", byClaim)]
        let rows = groups.flatMap { kind, rows in rows.map { [kind] + $0.values } }
        let unseen = blindSpots.map { spot in
            [BlindSpot.rowKind, spot.export ?? ""] + Array(repeating: "", count: 14) + [spot.reason]
        }
        return Table(header: header, rows: room.map(\.values) + rows + unseen)
    }
}

extension UsageReport.Row {
    /// Whether anything of it is.
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
