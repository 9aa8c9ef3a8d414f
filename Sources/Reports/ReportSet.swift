import Provisioning

/// The reports of one reading; those that were not asked for are nil.
package struct ReportSet: Sendable {
    package var backups: BackupReport?
    package var usage: UsageReport?
    package var audit: AuditReport?

    package init(backups: BackupReport? = nil, usage: UsageReport? = nil, audit: AuditReport? = nil) {
        self.backups = backups
        self.usage = usage
        self.audit = audit
    }

    /// Every namespace that a report has something of.
    package var namespaces: Set<String> {
        var names = Set((backups?.items ?? []).compactMap(\.namespace))
        names.formUnion((usage?.byNamespace ?? []).compactMap(\.namespace))
        names.formUnion((usage?.byClaim ?? []).compactMap(\.namespace))
        names.formUnion((audit?.lines ?? []).compactMap(\.entry.claim?.namespace))
        return names
    }

    /// What none of the reports could see, each once.
    package var blindSpots: [BlindSpot] {
        var seen: Set<BlindSpot> = []
        let all = (backups?.blindSpots ?? []) + (usage?.blindSpots ?? []) + (audit?.blindSpots ?? [])
        return all.filter { seen.insert($0).inserted }
    }
}
