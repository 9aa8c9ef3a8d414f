import Kubernetes
import Provisioning

extension ReportDocument {
    func section(_ report: AuditReport, _ writer: inout HTMLWriter) {
        let lines = report.lines
        let table = ReportTable(
            id: "audit",
            label: "What was done, the newest first",
            columns: [
                .init("When", .time), .filter("Deed"), .filter("Namespace"), .init("Claim"), .init("Path"),
                .init("Why"),
                .init("Export"), .init("By"),
            ],
            count: lines.count
        )
        writer.element("section", ("id", "audit")) { writer in
            writer.element("h2", text: "Audit")
            table.write(to: &writer) { index, writer in
                row(lines[lines.count - 1 - index], &writer)
            }
        }
    }

    private func row(_ line: AuditReport.Line, _ writer: inout HTMLWriter) {
        let entry = line.entry
        writer.element("td") { writer in
            writer.text("\(entry.at.minuteText) ")
            writer.element("small", text: entry.at.age(at: now))
        }
        writer.cell(entry.deed.rawValue)
        writer.cell(entry.claim?.namespace)
        writer.element("th", ("scope", "row"), ("data-v", entry.claim?.name ?? entry.volume)) { writer in
            if let claim = entry.claim { writer.element("span", text: claim.name) }
            writer.element("small", text: entry.volume)
        }
        writer.element("td", ("class", "path")) { writer in
            writer.text(entry.path)
            if let to = entry.to { writer.text(" → \(to)") }
        }
        writer.cell(entry.reason, class: "why")
        writer.cell(line.export)
        writer.element("td") { $0.element("small", text: entry.by ?? "") }
    }
}
