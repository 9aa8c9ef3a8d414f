import Provisioning

/// The reports of one reading; those that were not requested are nil.
package struct ReportSet: Sendable {
    package var backups: BackupReport?
    package var usage: UsageReport?
    package var audit: AuditReport?

    package init(backups: BackupReport? = nil, usage: UsageReport? = nil, audit: AuditReport? = nil) {
        self.backups = backups
        self.usage = usage
        self.audit = audit
    }

    /// All namespaces that appear in the reports.
    package var namespaces: Set<String> {
        var names = Set((backups?.items ?? []).compactMap(\.namespace))
        names.formUnion((usage?.byNamespace ?? []).compactMap(\.namespace))
        names.formUnion((usage?.byClaim ?? []).compactMap(\.namespace))
        names.formUnion((audit?.lines ?? []).compactMap(\.entry.claim?.namespace))
        return names
    }

    /// The gaps of all reports, each once.
    package var gaps: [ReportGap] {
        var seen: Set<ReportGap> = []
        let all = (backups?.gaps ?? []) + (usage?.gaps ?? []) + (audit?.gaps ?? [])
        return all.filter { seen.insert($0).inserted }
    }
}

extension ReportSet {
    /// Limits the reports to what a user may see who sees only some namespaces. Whatever the filter was, the lists
    /// contain nothing of another namespace, and the room on exports is gone, because others use them as well. Gaps
    /// stay, without names.
    package func limited(to namespaces: Set<String>) -> ReportSet {
        func isSeen(_ namespace: String?) -> Bool { namespace.map(namespaces.contains) ?? false }
        var limited = self
        limited.backups?.items.removeAll { !isSeen($0.namespace) }
        limited.usage?.byNamespace.removeAll { !isSeen($0.namespace) }
        limited.usage?.byClaim.removeAll { !isSeen($0.namespace) }
        limited.usage?.room = []
        limited.audit?.lines.removeAll { !isSeen($0.entry.claim?.namespace) }
        limited.backups?.gaps = Self.nameless(backups?.gaps ?? [])
        limited.usage?.gaps = Self.nameless(usage?.gaps ?? [])
        limited.audit?.gaps = Self.nameless(audit?.gaps ?? [])
        return limited
    }

    /// The gaps without names, at most one for each export.
    private static func nameless(_ spots: [ReportGap]) -> [ReportGap] {
        var exports: Set<String?> = []
        return spots.filter { exports.insert($0.export).inserted }.map {
            ReportGap(
                export: $0.export,
                reason: "not everything could be read; ask an administrator of the cluster"
            )
        }
    }
}
