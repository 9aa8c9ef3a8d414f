import Kubernetes
import Presentation

extension ReportDocument {
    func section(_ report: UsageReport, _ writer: inout HTMLWriter) {
        writer.element("section", ("id", "usage")) { writer in
            writer.element("h2", text: "Usage")
            if !report.room.isEmpty {
                writer.element("h3", text: "Space on the exports")
                room(report.room, &writer)
            }
            writer.element("h3", text: "By namespace")
            table(
                "by-namespace",
                "Usage by namespace",
                report.byNamespace,
                [("Namespace", \.namespace)],
                report,
                &writer
            )
            writer.element("h3", text: "By class")
            table("by-class", "Usage by class", report.byClass, [("Class", \.storageClass)], report, &writer)
            writer.element("h3", text: "By export")
            table("by-export", "Usage by export", report.byExport, [("Export", \.export)], report, &writer)
            writer.element("h3", text: "By claim")
            let keys: [(String, KeyPath<UsageReport.Row, String?>)] = [("Namespace", \.namespace), ("Claim", \.claim)]
            table("by-claim", "Usage by claim", report.byClaim, keys, report, &writer)
        }
    }

    private func table(
        _ id: String,
        _ label: String,
        _ rows: [UsageReport.Row],
        _ keys: [(title: String, value: KeyPath<UsageReport.Row, String?>)],
        _ report: UsageReport,
        _ writer: inout HTMLWriter
    ) {
        func sum(_ value: (UsageReport.Row) -> some BinaryInteger) -> Int64 {
            rows.saturatingSum { Int64(clamping: value($0)) }
        }
        var columns = keys.map { $0.title == "Namespace" ? ReportTable.Column.filter($0.title) : .init($0.title) }
        columns += [
            .sum("Volumes", .number, sum(\.volumes)), .sum("Archives", .number, sum(\.archives)),
            .sum("Requested", .bytes, sum(\.requestedBytes)), .sum("Used", .bytes, sum(\.usedBytes)),
            .init("Used of requested", .number), .sum("Files", .number, sum(\.files)),
            .sum("Not measured", .number, sum(\.unmeasured)),
        ]
        if let since = report.growthSince {
            columns.append(.sum("Growth since \(since.dayText)", .bytes, sum { $0.growthBytes ?? 0 }))
        }
        ReportTable(id: id, label: label, columns: columns, count: rows.count).write(to: &writer) { index, writer in
            let row = rows[index]
            for (position, key) in keys.enumerated() {
                if position == keys.count - 1 {
                    writer.element("th", ("scope", "row"), text: row[keyPath: key.value] ?? "")
                } else {
                    writer.cell(row[keyPath: key.value])
                }
            }
            numbers(row, &writer)
            if report.growthSince != nil { writer.bytesCell(row.growthBytes) }
        }
    }

    private func numbers(_ row: UsageReport.Row, _ writer: inout HTMLWriter) {
        writer.numberCell(row.volumes)
        writer.numberCell(row.archives)
        writer.bytesCell(row.requestedBytes)
        writer.bytesCell(row.usedBytes, isOver: row.isAboveRequest)
        if row.requestedBytes > 0 {
            let percent = min((Double(row.usedBytes) / Double(row.requestedBytes) * 100).rounded(), 1e9)
            writer.element("td", ("class", "n"), ("data-v", "\(percent)"), text: "\(Int64(percent).grouped) %")
        } else {
            writer.element("td", ("class", "n"))
        }
        writer.numberCell(row.files)
        writer.numberCell(row.unmeasured)
    }

    private func room(_ room: [UsageReport.Room], _ writer: inout HTMLWriter) {
        writer.element("ul", ("class", "bars card")) { writer in
            for export in room {
                let used = export.totalBytes - min(export.freeBytes, export.totalBytes)
                let part = Double(used) / Double(max(export.totalBytes, 1))
                writer.element("li") { writer in
                    writer.element("span", text: export.export)
                    writer.element("span", ("class", "n")) { writer in
                        writer.element("b", text: "\(ByteCount(export.freeBytes)) free")
                        writer.text(
                            " of \(ByteCount(export.totalBytes)); \(export.freeFiles.grouped) of "
                                + "\(export.totalFiles.grouped) files free"
                        )
                    }
                    writer.bar { writer in
                        writer.element("rect", ("class", "requested"), ("width", "100"), ("height", "10"))
                        writer.element(
                            "rect",
                            ("class", part > 0.9 ? "excess" : "used"),
                            ("y", "2"),
                            ("width", "\((part * 1000).rounded() / 10)"),
                            ("height", "6")
                        )
                    }
                }
            }
        }
    }
}
