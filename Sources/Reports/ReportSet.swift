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
    package var gaps: [ReportGap] {
        var seen: Set<ReportGap> = []
        let all = (backups?.gaps ?? []) + (usage?.gaps ?? []) + (audit?.gaps ?? [])
        return all.filter { seen.insert($0).inserted }
    }
}

extension ReportSet {
    /// What somebody may see who may see some namespaces only. Whatever the reports were filtered by, nothing of another
    /// namespace is left in their lists, and neither is the room on exports that others use as well. What could not be
    /// seen stays, without the names in it.
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

    /// One for each export at most.
    private static func nameless(_ spots: [ReportGap]) -> [ReportGap] {
        var exports: Set<String?> = []
        return spots.filter { exports.insert($0.export).inserted }.map {
            ReportGap(
                export: $0.export,
                reason: "not all of it could be read; an administrator of the cluster sees why"
            )
        }
    }
}
