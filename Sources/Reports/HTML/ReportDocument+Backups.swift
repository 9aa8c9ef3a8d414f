import Kubernetes
import Provisioning

extension ReportDocument {
    func section(_ report: BackupReport, _ writer: inout HTMLWriter) {
        let items = report.items.enumerated().sorted {
            ($0.element.verdict.urgency, $0.offset) < ($1.element.verdict.urgency, $1.offset)
        }.map(\.element)
        let table = ReportTable(
            id: "backups",
            label: "Volumes and archives",
            columns: [
                .filter("Verdict", order: BackupVerdict.byUrgency.map(\.rawValue).joined(separator: " ")),
                .filter("Namespace"),
                .init("Claim"), .init("Why"),
                .sum("Requested", .bytes, report.summary.requestedBytes),
                .sum("Used", .bytes, Int64(clamping: report.summary.usedBytes)),
                .sum("Files", .number, items.saturatingSum { Int64(clamping: $0.files ?? 0) }),
                .init("Last backup", .time), .init("Kept until", .time), .filter("Kind"), .filter("State"),
                .filter("Class"),
            ],
            count: items.count
        )
        writer.element("section", ("id", "backups")) { writer in
            writer.element("h2", text: "Backups")
            table.write(to: &writer) { row(items[$0], &$1) }
        }
    }

    private func row(_ item: BackupItem, _ writer: inout HTMLWriter) {
        writer.element("td") {
            $0.element("span", ("class", "badge \(item.verdict.rawValue)"), text: item.verdict.rawValue)
        }
        writer.cell(item.namespace)
        writer.element("th", ("scope", "row"), ("data-v", item.claim ?? item.id)) { writer in
            if let claim = item.claim { writer.element("span", text: claim) }
            writer.element("small", text: item.id)
        }
        writer.element("td", ("class", "why")) {
            $0.element("details") { writer in
                writer.element("summary", text: item.reason)
                details(item, &writer)
            }
        }
        writer.bytesCell(item.requestedBytes)
        writer.bytesCell(item.usedBytes, isOver: item.usesMoreThanRequested)
        writer.numberCell(item.files)
        time(item.lastBackupAt, &writer)
        writer.element("td") { writer in
            if let keptUntil = item.keptUntil {
                writer.text("\(keptUntil.minuteText) ")
                writer.element("small", text: keptUntil.age(at: now))
            }
            if item.hold != nil { writer.element("span", ("class", "badge held"), text: "held") }
        }
        writer.cell(item.kind.rawValue)
        writer.cell(item.state)
        writer.cell(item.storageClass)
    }

    private func time(_ time: Timestamp?, _ writer: inout HTMLWriter) {
        writer.element("td") { writer in
            guard let time else { return }
            writer.text("\(time.minuteText) ")
            writer.element("small", text: time.age(at: now))
        }
    }

    private func details(_ item: BackupItem, _ writer: inout HTMLWriter) {
        let facts: [(String, String?)] = [
            ("Export", item.export), ("Path", item.path), ("Backup", item.requirement?.rawValue),
            ("Created", item.createdAt?.minuteText), ("Archived", item.archivedAt?.minuteText),
            ("Measured", item.measuredAt?.minuteText), ("Held", item.hold),
        ]
        writer.element("dl") { writer in
            for case (let title, let value?) in facts {
                writer.element("dt", text: title)
                writer.element("dd", text: value)
            }
        }
        guard !item.hooks.isEmpty else { return }
        writer.element("ul", ("class", "hooks")) { writer in
            for result in item.hooks { writer.element("li") { hook(result, &$0) } }
        }
    }

    private func hook(_ result: HookResult, _ writer: inout HTMLWriter) {
        writer.element("span", ("class", "badge \(result.outcome.style)"), text: result.outcome.words)
        writer.text(" ")
        writer.element("b", text: result.name)
        let seconds = result.finishedAt.seconds - result.startedAt.seconds
        let attempts = result.attempts == 1 ? "" : ", \(result.attempts) attempts"
        writer.text(
            " \(result.phase.rawValue), \(result.kind.rawValue), \(result.finishedAt.minuteText), \(seconds) s\(attempts): "
                + result.message
        )
        if result.isFailure, let output = result.output, !output.isEmpty { writer.element("pre", text: output) }
    }
}

extension BackupItem {
    fileprivate var usesMoreThanRequested: Bool {
        guard let usedBytes, let requestedBytes else { return false }
        return usedBytes > UInt64(max(0, requestedBytes))
    }
}

extension HookResult.Outcome {
    fileprivate var style: String {
        switch self {
        case .succeeded: "ok"
        case .failed: "failed"
        case .timedOut: "overdue"
        case .skipped: "unknown"
        }
    }

    fileprivate var words: String { self == .timedOut ? "timed out" : rawValue }
}

extension Sequence {
    /// A sum of untrusted values, which stops at the largest number.
    func saturatingSum(_ value: (Element) -> Int64) -> Int64 {
        reduce(0) { $0.addingUpToMax(value($1)) }
    }
}
