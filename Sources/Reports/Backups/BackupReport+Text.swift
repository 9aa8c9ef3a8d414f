import Kubernetes
import Provisioning

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
        let table = Table(header: header, rows: items.map(\.cells))
        return [ReportSection(caption: nil, table: table, colours: BackupVerdict.colours)]
    }

    package var records: Table {
        let header = [
            "verdict", "kind", "id", "namespace", "claim", "class", "export", "path", "state", "requestedBytes",
            "usedBytes", "files", "measuredAt", "backup", "lastBackupAt", "createdAt", "archivedAt", "endedAt",
            "keptUntil", "hold", "cluster", "hooks", "reason",
        ]
        let unseen = blindSpots.map { spot in
            header.map { column in
                switch column {
                case "verdict": BackupVerdict.unknown.rawValue
                case "kind": BlindSpot.rowKind
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
    /// For people.
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

extension BlindSpot {
    /// What a row of values says of itself that stands for something unseen.
    static let rowKind = "blindSpot"
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
