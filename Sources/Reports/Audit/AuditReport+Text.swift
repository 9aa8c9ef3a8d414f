import Kubernetes
import Provisioning

extension AuditReport: Report {
    package var set: ReportSet { ReportSet(audit: self) }

    package var title: String { "Audit" }

    package var summaryLines: [String] {
        var counts: [AuditEntry.Deed: Int] = [:]
        for line in lines { counts[line.entry.deed, default: 0] += 1 }
        let words = AuditEntry.Deed.allCases.compactMap { deed in counts[deed].map { "\($0) \(deed)" } }
        return [words.isEmpty ? "nothing" : words.joined(separator: ", ")]
    }

    package var sections: [ReportSection] {
        let header = ["TIME", "DEED", "NAMESPACE", "CLAIM", "VOLUME", "EXPORT", "PATH", "TO", "REASON", "BY"]
        return [ReportSection(caption: nil, table: Table(header: header, rows: lines.map(\.cells)))]
    }

    package var records: Table {
        let header = ["at", "deed", "namespace", "claim", "volume", "export", "path", "to", "reason", "by", "cluster"]
        let unseen = blindSpots.map { spot in
            ["", BlindSpot.rowKind, "", "", spot.record ?? "", spot.export ?? "", "", "", spot.reason, "", ""]
        }
        return Table(header: header, rows: lines.map { $0.cells + [$0.entry.cluster ?? ""] } + unseen)
    }
}

extension AuditReport.Line {
    fileprivate var cells: [String] {
        [
            entry.at.description, entry.deed.rawValue, entry.claim?.namespace ?? "", entry.claim?.name ?? "",
            entry.volume, export, entry.path, entry.to ?? "", entry.reason, entry.by ?? "",
        ]
    }
}
