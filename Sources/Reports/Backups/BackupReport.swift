import Kubernetes
import Presentation
import Provisioning

/// A report on what is backed up, where it is, and what will be purged. Programs may rely on its JSON.
package struct BackupReport: Codable, Sendable, Hashable {
    /// The totals of all items, including those that ``ReportFilter/failuresOnly`` leaves out.
    package struct Summary: Codable, Sendable, Hashable {
        package var volumes = 0
        /// The archives whose data is on a share.
        package var archives = 0
        /// Archives that were purged or became volumes again. They are items only where the filter's states name them.
        package var ended = 0
        /// The number of items with each verdict, including those with none.
        package var verdicts: [String: Int]
        package var requestedBytes: Int64 = 0
        package var usedBytes: UInt64 = 0
        /// The items that have not been measured yet and are missing from ``usedBytes``.
        package var unmeasured = 0
        /// The archives whose retention expires next, soonest first; five at most.
        package var nextPurges: [Purge] = []

        package init() {
            verdicts = Dictionary(uniqueKeysWithValues: BackupVerdict.allCases.map { ($0.rawValue, 0) })
        }
    }

    package struct Purge: Codable, Sendable, Hashable {
        package var archive: String
        package var keptUntil: Timestamp
    }

    /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
    package var version = 1
    package var generatedAt: Timestamp
    /// The cluster that the report was made for; nil if unknown.
    package var cluster: String?
    package var filter: ReportFilter
    package var summary: Summary
    /// The items, worst first.
    package var items: [BackupItem]
    package var gaps: [ReportGap]
}

extension BackupReport {
    fileprivate static let nextPurgesShown = 5

    /// - Parameters:
    ///   - sources: The sources.
    ///   - filter: Selects the items.
    package init(of sources: ReportSources, filter: ReportFilter) {
        let wanted = BackupItems(of: sources).all.map(\.item).filter(ReportMatcher(filter).matches)
        let shown = wanted.filter { item in
            (!item.hasEnded || filter.hasState(item.state)) && (!filter.failuresOnly || item.verdict != .ok)
        }
        self.init(
            generatedAt: sources.now,
            cluster: sources.cluster.id,
            filter: filter,
            summary: Summary(of: wanted, filter),
            items: shown.sorted(by: BackupItem.isBefore),
            gaps: sources.gaps
        )
    }
}

extension BackupReport.Summary {
    fileprivate init(of items: [BackupItem], _ filter: ReportFilter) {
        self.init()
        for item in items {
            if item.hasEnded { ended += 1 }
            if !item.hasEnded || filter.hasState(item.state) { verdicts[item.verdict.rawValue, default: 0] += 1 }
            guard !item.hasEnded else { continue }
            if item.kind == .volume { volumes += 1 } else { archives += 1 }
            requestedBytes.addUpToMax(item.requestedBytes ?? 0)
            usedBytes.addUpToMax(item.usedBytes ?? 0)
            if item.usedBytes == nil { unmeasured += 1 }
        }
        let purges = items.compactMap { item in
            item.keptUntil.map { BackupReport.Purge(archive: item.id, keptUntil: $0) }
        }
        nextPurges = Array(
            purges.sorted { ($0.keptUntil, $0.archive) < ($1.keptUntil, $1.archive) }.prefix(
                BackupReport.nextPurgesShown
            )
        )
    }
}

extension BackupItem {
    /// Orders the worst first, then by namespace and claim.
    fileprivate static func isBefore(_ one: BackupItem, _ other: BackupItem) -> Bool {
        if one.verdict != other.verdict { return one.verdict.urgency < other.verdict.urgency }
        let (owner, otherOwner) = (one.namespace ?? "", other.namespace ?? "")
        if owner != otherOwner { return owner < otherOwner }
        let (claim, otherClaim) = (one.claim ?? "", other.claim ?? "")
        if claim != otherClaim { return claim < otherClaim }
        return one.id == other.id ? one.kind == .volume && other.kind == .archive : one.id < other.id
    }
}

extension BackupReport: Report {
    package var set: ReportSet { ReportSet(backups: self) }

    package var title: String { "Backups" }

    package var summaryLines: [String] {
        let counts = BackupVerdict.allCases.map { "\(summary.verdicts[$0.rawValue] ?? 0) \($0)" }
        let measured = summary.unmeasured > 0 ? " (\(summary.unmeasured) not measured)" : ""
        var lines = [
            counts.joined(separator: ", "),
            "\(summary.volumes) volumes, \(summary.archives) archives"
                + (summary.ended > 0 ? ", and \(summary.ended) that were purged or restored" : ""),
            "\(ByteCount(summary.requestedBytes)) requested, \(ByteCount(summary.usedBytes)) used\(measured)",
        ]
        let purges = summary.nextPurges.map { "\($0.archive) \($0.keptUntil)" }
        if !purges.isEmpty { lines.append("next purges: \(purges.joined(separator: ", "))") }
        return lines
    }

    package var sections: [ReportSection] {
        let header = [
            "VERDICT", "KIND", "NAMESPACE", "CLAIM", "CLASS", "STATE", "REQUESTED", "USED", "FILES", "BACKUP", "HOOKS",
            "ARCHIVED", "KEPT UNTIL", "VOLUME", "EXPORT", "PATH", "REASON",
        ]
        let table = Table(
            header: header,
            rows: items.map(\.cells),
            wide: ["CLASS", "REQUESTED", "FILES", "HOOKS", "ARCHIVED", "VOLUME", "EXPORT", "PATH"],
            whole: ["VERDICT", "VOLUME"]
        )
        return [ReportSection(caption: nil, table: table, colours: BackupVerdict.colours)]
    }

    package var records: Table {
        let header = [
            "verdict", "kind", "id", "namespace", "claim", "class", "export", "path", "state", "requestedBytes",
            "usedBytes", "files", "measuredAt", "backup", "lastBackupAt", "createdAt", "archivedAt", "endedAt",
            "keptUntil", "hold", "cluster", "hooks", "reason",
        ]
        let unseen = gaps.map { spot in
            header.map { column in
                switch column {
                case "verdict": BackupVerdict.unknown.rawValue
                case "kind": ReportGap.rowKind
                case "id": spot.record ?? ""
                case "export": spot.export ?? ""
                case "reason": spot.reason
                default: ""
                }
            }
        }
        return Table(header: header, rows: items.map(\.values) + unseen)
    }
}

extension BackupItem {
    /// The cells of the table for people.
    fileprivate var cells: [String] {
        let cells: [String?] = [
            verdict.rawValue, kind.rawValue, namespace, claim, storageClass, state, Self.words(requestedBytes),
            Self.words(usedBytes), files.map { "\($0)" }, requirement?.rawValue,
            hooks.map(\.brief).joined(separator: ", "), archivedAt?.description,
            hold == nil ? keptUntil?.description : "held", id, export, path, reason,
        ]
        return cells.map { $0 ?? "" }
    }

    private static func words(_ bytes: (some BinaryInteger)?) -> String? { bytes.map { "\(ByteCount($0))" } }

    fileprivate var values: [String] {
        let values: [String?] = [
            verdict.rawValue, kind.rawValue, id, namespace, claim, storageClass, export, path, state,
            requestedBytes?.description, usedBytes?.description, files?.description, measuredAt?.description,
            requirement?.rawValue, lastBackupAt?.description, createdAt?.description, archivedAt?.description,
            endedAt?.description, keptUntil?.description, hold, cluster,
            hooks.map(\.full).joined(separator: "; "), reason,
        ]
        return values.map { $0 ?? "" }
    }
}

extension ReportGap {
    /// The kind of a row of values that stands for a gap.
    static let rowKind = "gap"
}

extension BackupVerdict {
    fileprivate static let colours: [String: TerminalColour] = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.colour) }
    )

    private var colour: TerminalColour {
        switch self {
        case .ok: .green
        case .warning: .yellow
        case .failed, .missing: .red
        case .overdue: .magenta
        case .unknown: .cyan
        }
    }
}

extension HookResult {
    private var seconds: Int64 { max(0, finishedAt.seconds - startedAt.seconds) }

    /// `restic succeeded in 12 s`.
    fileprivate var brief: String {
        outcome == .skipped ? "\(name) skipped" : "\(name) \(outcome) in \(BackupJudgement.span(seconds))"
    }

    /// `restic beforeArchive succeeded, attempts 1, 2006-01-02T15:04:05Z, 12 s: exit code 0`.
    fileprivate var full: String {
        "\(name) \(phase) \(outcome), attempts \(attempts), \(startedAt), \(seconds) s: \(message)"
    }
}
