import Kubernetes
import Presentation
import Provisioning

/// A report on what was created, archived, restored and purged: when, why and by whom. Programs may rely on its JSON.
package struct AuditReport: Codable, Sendable, Hashable {
    package struct Line: Codable, Sendable, Hashable {
        package var export: String
        package var entry: AuditEntry
    }

    package var version = 1
    package var generatedAt: Timestamp
    package var filter: ReportFilter
    /// Oldest first.
    package var lines: [Line]
    package var gaps: [ReportGap]
}

extension AuditReport {
    /// - Parameters:
    ///   - sources: The sources. A line's class comes from the record of its volume, so a filter by class needs the
    ///     records too.
    ///   - filter: Selects the lines. Its states are actions, and a failure is a directory that was missing.
    package init(of sources: ReportSources, filter: ReportFilter) {
        let matcher = ReportMatcher(filter)
        let lines = sources.shares.flatMap { share -> [Line] in
            let classes = filter.classes.isEmpty ? [:] : share.classes
            return share.audit.filter { entry in
                matcher.matches(entry.claim?.namespace, classes[entry.volume], entry.at)
                    && (filter.states.isEmpty || filter.hasState(entry.action.rawValue))
                    && (!filter.failuresOnly || entry.action == .missing)
            }.map { Line(export: "\(share.export)", entry: $0) }
        }
        self.init(
            generatedAt: sources.now,
            filter: filter,
            lines: lines.sorted { $0.entry.moment < $1.entry.moment },
            gaps: sources.gaps
        )
    }
}

extension ShareReading {
    /// The classes of volumes and archives, by name.
    fileprivate var classes: [String: String] {
        var classes: [String: String] = [:]
        for case .record(let record) in volumes { classes[record.volume] = record.storageClass }
        for case .archive(let record, _) in catalogue { classes[record.id] = record.storageClass }
        return classes
    }
}

extension AuditReport: Report {
    package var set: ReportSet { ReportSet(audit: self) }

    package var title: String { "Audit" }

    package var summaryLines: [String] {
        var counts: [AuditEntry.Action: Int] = [:]
        for line in lines { counts[line.entry.action, default: 0] += 1 }
        let words = AuditEntry.Action.allCases.compactMap { action in counts[action].map { "\($0) \(action)" } }
        return [words.isEmpty ? "nothing" : words.joined(separator: ", ")]
    }

    package var sections: [ReportSection] {
        let header = ["TIME", "ACTION", "NAMESPACE", "CLAIM", "VOLUME", "EXPORT", "PATH", "TO", "REASON", "BY"]
        let table = Table(
            header: header,
            rows: lines.map(\.cells),
            wide: ["EXPORT", "PATH", "TO", "BY"],
            whole: ["TIME", "VOLUME"]
        )
        return [ReportSection(caption: nil, table: table)]
    }

    package var records: Table {
        let header = [
            "at", "action", "namespace", "claim", "volume", "export", "path", "to", "reason", "by", "cluster",
        ]
        let unseen = gaps.map { spot in
            ["", ReportGap.rowKind, "", "", spot.record ?? "", spot.export ?? "", "", "", spot.reason, "", ""]
        }
        return Table(header: header, rows: lines.map { $0.cells + [$0.entry.cluster ?? ""] } + unseen)
    }
}

extension AuditReport.Line {
    fileprivate var cells: [String] {
        [
            entry.at.description, entry.action.rawValue, entry.claim?.namespace ?? "", entry.claim?.name ?? "",
            entry.volume, export, entry.path, entry.to ?? "", entry.reason, entry.by ?? "",
        ]
    }
}
