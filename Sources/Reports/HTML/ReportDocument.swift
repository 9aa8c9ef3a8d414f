import Kubernetes
import Provisioning

/// The reports as one self-contained HTML document: the file that `report -o html` prints, and the page that the
/// controller serves.
///
/// The document also works without its script, which sorts and filters rows, and sums up those that are shown.
package struct ReportDocument: Sendable {
    /// The user of a served page, and what they may see.
    package struct Viewer: Sendable, Hashable {
        package var name: String
        /// The namespaces that they see; nil for all.
        package var namespaces: [String]?
        /// A sentence on what was left out; nil if nothing was.
        package var note: String?
        /// Whether the page offers to sign out.
        package var canSignOut: Bool

        package init(name: String, namespaces: [String]?, note: String? = nil, canSignOut: Bool = false) {
            self.name = name
            self.namespaces = namespaces
            self.note = note
            self.canSignOut = canSignOut
        }
    }

    let reports: ReportSet
    let viewer: Viewer?

    /// - Parameters:
    ///   - reports: The reports to show.
    ///   - viewer: nil for a file.
    package init(_ reports: ReportSet, viewer: Viewer? = nil) {
        self.reports = reports
        self.viewer = viewer
    }

    /// The document, as UTF-8.
    package func html() -> [UInt8] {
        var writer = HTMLWriter()
        PageFrame(title: "Backups and usage", hasScript: true).write(to: &writer) { writer in
            writer.element("header", ("class", "top")) { header(&$0) }
            writer.element("main") { writer in
                gaps(&writer)
                summary(&writer)
                writer.element("div", ("class", "charts")) { writer in
                    if reports.usage != nil || reports.backups != nil { NamespaceChart(reports).write(to: &writer) }
                    if let backups = reports.backups { outcomes(backups).write(to: &writer) }
                    if let audit = reports.audit { archives(audit).write(to: &writer) }
                }
                if let backups = reports.backups { section(backups, &writer) }
                if let usage = reports.usage { section(usage, &writer) }
                if let audit = reports.audit { section(audit, &writer) }
            }
            writer.element("footer") { writer in
                writer.text("Times are in UTC. Sums leave out what is not measured yet.")
            }
        }
        return writer.bytes
    }

    /// When the reports were made.
    var now: Timestamp {
        reports.backups?.generatedAt ?? reports.usage?.generatedAt ?? reports.audit?.generatedAt ?? .now
    }

    private func header(_ writer: inout HTMLWriter) {
        writer.element("div") { writer in
            writer.element("h1", text: "Backups and usage")
            writer.element("p", ("class", "note")) { writer in
                writer.element("time", ("datetime", now.description), text: "\(now.minuteText) UTC")
                if let cluster = reports.backups?.cluster ?? reports.usage?.cluster {
                    writer.text(" · cluster \(cluster)")
                }
                for part in filterText { writer.text(" · \(part)") }
            }
        }
        writer.element("nav", ("aria-label", "Reports")) { writer in
            if reports.backups != nil { writer.element("a", ("href", "#backups"), text: "Backups") }
            if reports.usage != nil { writer.element("a", ("href", "#usage"), text: "Usage") }
            if reports.audit != nil { writer.element("a", ("href", "#audit"), text: "Audit") }
        }
        if let viewer { identity(viewer, &writer) }
    }

    private func identity(_ viewer: Viewer, _ writer: inout HTMLWriter) {
        writer.element("div", ("class", "viewer")) { writer in
            writer.element("span") { writer in
                writer.element("b", text: viewer.name)
                if let namespaces = viewer.namespaces {
                    let names =
                        namespaces.count > 5 ? "\(namespaces.count) namespaces" : namespaces.joined(separator: ", ")
                    writer.text(" sees \(names)")
                } else {
                    writer.text(" sees all namespaces")
                }
                if let note = viewer.note { writer.element("span", ("class", "note"), text: " \(note)") }
            }
            guard viewer.canSignOut else { return }
            writer.element("form", ("method", "post"), ("action", "sign-out")) {
                $0.element("button", ("type", "submit"), text: "Sign out")
            }
        }
    }

    /// The filter of the reports, in words.
    var filterText: [String] {
        guard let filter = reports.backups?.filter ?? reports.usage?.filter ?? reports.audit?.filter else { return [] }
        var parts: [String] = []
        if let since = filter.since { parts.append("since \(since.minuteText)") }
        if let until = filter.until { parts.append("until \(until.minuteText)") }
        if !filter.namespaces.isEmpty, viewer?.namespaces == nil {
            parts.append("namespaces \(filter.namespaces.joined(separator: ", "))")
        }
        if !filter.classes.isEmpty { parts.append("classes \(filter.classes.joined(separator: ", "))") }
        if !filter.states.isEmpty { parts.append("states \(filter.states.joined(separator: ", "))") }
        if filter.failuresOnly { parts.append("failures only") }
        return parts
    }

    private func outcomes(_ backups: BackupReport) -> TimeChart {
        let results = backups.items.flatMap(\.hooks)
        return TimeChart(
            title: "Backup outcomes",
            explanation: "The last result of each hook of each volume and archive, by the day it finished.",
            series: [
                TimeChart.Series(
                    title: "succeeded",
                    style: "succeeded",
                    times: results.filter { $0.outcome == .succeeded }.map(\.finishedAt)
                ),
                TimeChart.Series(
                    title: "failed",
                    style: "failed",
                    times: results.filter { $0.outcome == .failed }.map(\.finishedAt)
                ),
                TimeChart.Series(
                    title: "timed out",
                    style: "overdue",
                    times: results.filter { $0.outcome == .timedOut }.map(\.finishedAt)
                ),
            ],
            now: now
        )
    }

    private func archives(_ audit: AuditReport) -> TimeChart {
        TimeChart(
            title: "Archives and purges",
            explanation: "Archives created and, below the line, archives purged.",
            series: [
                TimeChart.Series(
                    title: "archived",
                    style: "archived",
                    times: audit.lines.filter { $0.entry.action == .archived }.map(\.entry.at)
                ),
                TimeChart.Series(
                    title: "purged",
                    style: "purged",
                    isDown: true,
                    times: audit.lines.filter { $0.entry.action == .purged }.map(\.entry.at)
                ),
            ],
            now: now
        )
    }
}

extension ReportDocument {
    func section(_ report: AuditReport, _ writer: inout HTMLWriter) {
        let lines = report.lines
        let table = ReportTable(
            id: "audit",
            label: "Audit log, newest first",
            columns: [
                .init("When", .time), .filter("Action"), .filter("Namespace"), .init("Claim"), .init("Path"),
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
        writer.cell(entry.action.rawValue)
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
