import Kubernetes
import Presentation

extension ReportDocument {
    /// Writes what could not be read, before everything else.
    func gaps(_ writer: inout HTMLWriter) {
        let spots = reports.gaps
        guard !spots.isEmpty else { return }
        writer.element("section", ("class", "card gaps"), ("id", "gaps")) { writer in
            writer.element("h2", text: "Not everything could be read")
            writer.element(
                "p",
                text: "\(spots.count.grouped) \(spots.count == 1 ? "item" : "items") could not be read: "
                    + "the report below is incomplete."
            )
            list(spots.prefix(10), &writer)
            guard spots.count > 10 else { return }
            writer.element("details") { writer in
                writer.element("summary", text: "\((spots.count - 10).grouped) more")
                list(spots.dropFirst(10), &writer)
            }
        }
    }

    private func list(_ spots: ArraySlice<ReportGap>, _ writer: inout HTMLWriter) {
        writer.element("ul") { writer in
            for spot in spots {
                writer.element("li") { writer in
                    writer.element("b", text: spot.export ?? "the cluster")
                    if let record = spot.record {
                        writer.text(" · ")
                        writer.element("code", text: record)
                    }
                    writer.text(" · \(spot.reason)")
                }
            }
        }
    }

    /// Writes one sentence on the overall state, and the numbers behind it.
    func summary(_ writer: inout HTMLWriter) {
        guard let backups = reports.backups else { return }
        let (style, sentence) = state(backups)
        writer.element("section", ("class", "summary"), ("aria-label", "Summary")) { writer in
            writer.element("p", ("class", "state \(style)"), ("role", "status"), text: sentence)
            writer.element("ul", ("class", "tiles")) { writer in
                for verdict in BackupVerdict.allCases { tile(verdict, backups, &writer) }
            }
            writer.element("dl", ("class", "facts")) { writer in
                fact("Volumes", backups.summary.volumes.grouped, &writer)
                fact("Archives", backups.summary.archives.grouped, &writer)
                fact("Requested", "\(ByteCount(backups.summary.requestedBytes))", &writer)
                fact("Used", "\(ByteCount(backups.summary.usedBytes))", &writer)
                fact("Not measured yet", backups.summary.unmeasured.grouped, &writer)
                writer.element("div") { writer in
                    writer.element("dt", text: "Next purges")
                    writer.element("dd") { purges(backups.summary.nextPurges, &$0) }
                }
            }
        }
    }

    private func state(_ backups: BackupReport) -> (style: String, sentence: String) {
        func count(_ verdict: BackupVerdict) -> Int { backups.summary.verdicts[verdict.rawValue] ?? 0 }
        let bad = [BackupVerdict.failed, .missing, .overdue].filter { count($0) > 0 }
        let words = bad.map { "\(count($0).grouped) \($0.rawValue)" }.joined(separator: ", ")
        let isBlind = !reports.gaps.isEmpty || count(.unknown) > 0
        let total = backups.summary.verdicts.values.reduce(0, +)
        if !bad.isEmpty {
            return ("failed", "Action required: \(words)\(isBlind ? "; not everything could be read" : "").")
        }
        if isBlind { return ("unknown", "Not everything could be read, so problems may be missing here.") }
        if total == 0 { return ("none", "There are no volumes or archives.") }
        if count(.warning) > 0 {
            return ("warning", "\(count(.warning).grouped) of \(total.grouped) need attention.")
        }
        guard !backups.filter.failuresOnly, backups.filter.states.isEmpty else {
            return ("none", "Only a filtered part is shown.")
        }
        return ("ok", total == 1 ? "The only one is OK." : "All \(total.grouped) are OK.")
    }

    private func tile(_ verdict: BackupVerdict, _ backups: BackupReport, _ writer: inout HTMLWriter) {
        let count = backups.summary.verdicts[verdict.rawValue] ?? 0
        writer.element("li") {
            $0.element(
                "a",
                ("class", count > 0 ? "tile \(verdict.rawValue)" : "tile zero"),
                ("href", "#backups"),
                ("data-filter-of", "backups"),
                ("data-column", "Verdict"),
                ("data-value", verdict.rawValue)
            ) { writer in
                writer.element("b", text: count.grouped)
                writer.element("span", text: verdict.title)
            }
        }
    }

    private func fact(_ title: String, _ value: String, _ writer: inout HTMLWriter) {
        writer.element("div") { writer in
            writer.element("dt", text: title)
            writer.element("dd", text: value)
        }
    }

    private func purges(_ purges: [BackupReport.Purge], _ writer: inout HTMLWriter) {
        guard !purges.isEmpty else { return writer.text("none scheduled") }
        writer.element("ol") { writer in
            for purge in purges {
                writer.element("li") { writer in
                    writer.text("\(purge.keptUntil.dayText) ")
                    writer.element("code", text: purge.archive)
                    let isDue = purge.keptUntil <= now
                    writer.element("small", text: isDue ? " at the next run" : " \(purge.keptUntil.age(at: now))")
                }
            }
        }
    }
}

extension BackupVerdict {
    fileprivate var title: String { self == .warning ? "warnings" : rawValue }
}
