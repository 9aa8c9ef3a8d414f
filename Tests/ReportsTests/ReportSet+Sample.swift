import Kubernetes
import Provisioning

@testable import Provisioning
@testable import Reports

extension ReportSet {
    static let sampleTime = Timestamp(seconds: 1_764_000_000)

    /// Reports of `count` volumes and archives of many kinds, the same each time.
    static func sample(
        _ count: Int,
        gaps: [ReportGap] = [],
        change: (inout BackupItem, Int) -> Void = { _, _ in }
    ) -> ReportSet {
        let items = (0..<count).map { index in
            var item = BackupItem.sample(index)
            change(&item, index)
            return item
        }
        var summary = BackupReport.Summary()
        for item in items {
            if item.kind == .volume { summary.volumes += 1 } else { summary.archives += 1 }
            summary.verdicts[item.verdict.rawValue, default: 0] += 1
            summary.requestedBytes += item.requestedBytes ?? 0
            summary.usedBytes += item.usedBytes ?? 0
            if item.usedBytes == nil { summary.unmeasured += 1 }
        }
        summary.nextPurges = items.filter { $0.keptUntil != nil }.prefix(5).map {
            BackupReport.Purge(archive: $0.id, keptUntil: $0.keptUntil ?? sampleTime)
        }
        let filter = ReportFilter()
        let cluster = "8a3e1d7c"
        let backups = BackupReport(
            generatedAt: sampleTime,
            cluster: cluster,
            filter: filter,
            summary: summary,
            items: items,
            gaps: gaps
        )
        let usage = UsageReport(
            generatedAt: sampleTime,
            cluster: cluster,
            filter: filter,
            growthSince: Timestamp(seconds: sampleTime.seconds - 30 * 86_400),
            room: [
                UsageReport.Room(
                    export: "nas1:/srv/kubernetes",
                    totalBytes: 8 << 40,
                    freeBytes: 3 << 40,
                    totalFiles: 500_000_000,
                    freeFiles: 411_000_000
                ),
                UsageReport.Room(
                    export: "nas2:/srv/fast",
                    totalBytes: 1 << 40,
                    freeBytes: 60 << 30,
                    totalFiles: 60_000_000,
                    freeFiles: 52_000_000
                ),
            ],
            byExport: rows(items) { $1.export = $0.export },
            byClass: rows(items) { $1.storageClass = $0.storageClass },
            byNamespace: rows(items) { $1.namespace = $0.namespace },
            byClaim: rows(items) { ($1.namespace, $1.claim) = ($0.namespace, $0.claim) },
            gaps: gaps
        )
        let audit = AuditReport(
            generatedAt: sampleTime,
            filter: filter,
            lines: items.indices.map { line(items[$0], $0, count) },
            gaps: gaps
        )
        return ReportSet(backups: backups, usage: usage, audit: audit)
    }

    private static func rows(
        _ items: [BackupItem],
        key: (BackupItem, inout UsageReport.Row) -> Void
    ) -> [UsageReport.Row] {
        var rows: [UsageReport.Row: UsageReport.Row] = [:]
        for item in items {
            var name = UsageReport.Row()
            key(item, &name)
            var row = rows[name] ?? name
            if item.kind == .volume { row.volumes += 1 } else { row.archives += 1 }
            row.requestedBytes += item.requestedBytes ?? 0
            row.usedBytes += item.usedBytes ?? 0
            row.files += item.files ?? 0
            if item.usedBytes == nil { row.unmeasured += 1 }
            row.growthBytes = Int64(row.usedBytes / 20)
            rows[name] = row
        }
        return rows.values.sorted { $0.usedBytes > $1.usedBytes }
    }

    private static func line(_ item: BackupItem, _ index: Int, _ count: Int) -> AuditReport.Line {
        let action: [AuditEntry.Action] = [.created, .archived, .archived, .purged, .created, .restored, .held]
        var entry = AuditEntry(
            moment: MicroTime(
                Timestamp(seconds: sampleTime.seconds - Int64(count - index) * 40 * 86_400 / Int64(count))
            ),
            action: action[index % action.count],
            volume: item.id,
            path: item.path ?? "",
            reason: "rule onDelete: archive of class \(item.storageClass ?? "")"
        )
        entry.claim = ClaimReference(ObjectReference(namespace: item.namespace, name: item.claim, uid: "uid-\(index)"))
        entry.by = "sb-nfs-provisioner-5d9c7b6f4-x2x7k"
        return AuditReport.Line(export: item.export, entry: entry)
    }
}

extension BackupItem {
    fileprivate static func sample(_ index: Int) -> BackupItem {
        let verdicts: [BackupVerdict] = [
            .ok, .ok, .ok, .warning, .ok, .failed, .ok, .ok, .missing, .ok, .ok, .overdue, .ok, .unknown, .ok, .ok,
        ]
        let reasons: [BackupVerdict: String] = [
            .ok: "backed up 6 hours before its archive", .warning: "must be backed up, and no hook would do it",
            .failed: "hook restic failed: exit code 1", .missing: "must be backed up, and no hook has run",
            .overdue: "its purge has been due for 3 days", .unknown: "its record cannot be read",
        ]
        let names = [
            "shop", "shop-staging", "billing", "monitoring", "ci", "wiki", "mail", "data-science", "web", "iot",
        ]
        let now = ReportSet.sampleTime.seconds
        let verdict = verdicts[index % verdicts.count]
        let claims = ["data", "postgres-data-0", "uploads", "cache", "grafana", "registry"]
        let isArchive = index % 3 == 2
        var item = BackupItem(
            isArchive ? .archive : .volume,
            id: "pvc-\(String(UInt64(index) &* 0x9E37_79B9_7F4A_7C15, radix: 16))",
            export: index % 5 == 0 ? "nas2:/srv/fast" : "nas1:/srv/kubernetes",
            state: isArchive ? "archived" : "Bound",
            verdict: verdict,
            reason: reasons[verdict] ?? ""
        )
        item.namespace = names[index * 7 % names.count]
        item.claim = "\(claims[index % claims.count])-\(index)"
        item.storageClass = index % 5 == 0 ? "fast" : "sb-managed-nfs-storage"
        item.path = "\(item.namespace ?? "")-\(item.claim ?? "")-\(item.id)"
        item.requirement = verdict == .missing ? .required : .optional
        item.requestedBytes = Int64(1 + index * 13 % 40) << 30
        if verdict != .unknown {
            item.usedBytes = UInt64(index * 7919 % 37_000) << 20
            item.files = UInt64(index * 7919 % 90_000)
            item.measuredAt = Timestamp(seconds: now - 3600)
        }
        item.createdAt = Timestamp(seconds: now - 90 * 86_400)
        if verdict != .missing, verdict != .unknown {
            item.hooks = [hook(verdict == .failed, Timestamp(seconds: now - Int64(index % 29) * 86_400 - 6_000))]
            if verdict != .failed { item.lastBackupAt = item.hooks[0].finishedAt }
        }
        if isArchive {
            item.archivedAt = Timestamp(seconds: now - Int64(index % 40) * 86_400)
            item.keptUntil = Timestamp(seconds: now + Int64(index % 60) * 86_400)
            if index % 4 == 0 { item.hold = "audit of the year" }
        }
        return item
    }

    private static func hook(_ isFailed: Bool, _ time: Timestamp) -> HookResult {
        HookResult(
            name: "restic",
            phase: .beforeArchive,
            kind: .job,
            outcome: isFailed ? .failed : .succeeded,
            attempts: isFailed ? 3 : 1,
            startedAt: Timestamp(seconds: time.seconds - 74),
            finishedAt: time,
            exitCode: isFailed ? 1 : 0,
            message: isFailed ? "the Job failed with exit code 1" : "the Job succeeded",
            output: isFailed ? "Fatal: unable to open repository at s3:https://backup.example.com/shop" : nil
        )
    }
}
