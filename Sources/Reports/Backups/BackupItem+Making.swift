import Backup
import Kubernetes
import Provisioning

extension BackupItem {
    /// - Parameters:
    ///   - facts: The volume.
    ///   - export: Where it lies.
    ///   - sources: What else is known.
    init(_ facts: VolumeFacts, on export: ExportPath, in sources: ReportSources) {
        let judgement = BackupJudgement(of: facts, hasHook: facts.hasBackupHook(in: sources, on: export), in: sources)
        self.init(
            .volume,
            id: facts.name,
            export: "\(export)",
            state: facts.state(in: sources.cluster),
            verdict: judgement.verdict,
            reason: judgement.reason,
            hooks: facts.record?.hooks ?? []
        )
        namespace = facts.namespace
        claim = facts.claim
        storageClass = facts.storageClass
        path =
            facts.record?.path
            ?? facts.volume?.spec?.nfs.flatMap { source in
                export.relativeComponents(of: source.path)?.joined(separator: "/")
            }
        cluster = facts.record?.cluster
        requirement = facts.requirement
        requestedBytes = facts.requestedBytes
        createdAt = facts.record?.createdAt ?? facts.volume?.metadata.creationTimestamp
    }

    /// - Parameters:
    ///   - record: The archive.
    ///   - review: What the policy says of the share's archives; nil: there is none.
    ///   - export: Where it lies.
    ///   - sources: What else is known.
    init(_ record: ArchiveRecord, _ review: RetentionReview?, on export: ExportPath, in sources: ReportSources) {
        let retention = review?.verdicts[record.id]
        let judgement = BackupJudgement(
            of: record,
            retention: retention,
            isHindered: review?.obstacle != nil,
            in: sources
        )
        self.init(
            .archive,
            id: record.id,
            export: "\(export)",
            state: record.state.rawValue,
            verdict: judgement.verdict,
            reason: judgement.reason,
            hooks: record.hooks ?? []
        )
        namespace = record.claim?.namespace
        claim = record.claim?.name
        storageClass = record.storageClass
        path = record.isOnShare ? (record.state == .intent ? record.from : record.to) : nil
        cluster = record.cluster
        requirement = record.backup
        requestedBytes = record.capacity.flatMap { Quantity(rawValue: $0).bytes }
        lastBackupAt = record.lastBackup?.finishedAt
        archivedAt = record.archivedAt
        endedAt = record.purge?.doneAt ?? record.restore?.doneAt
        keptUntil = hasEnded ? nil : retention?.keptUntil
        hold = record.hold?.reason
    }

    /// An archive that nothing is known of but its name.
    init(_ state: String, archive name: String, on export: ExportPath, because reason: String) {
        self.init(.archive, id: name, export: "\(export)", state: state, verdict: .unknown, reason: reason)
        if state == "foreign" { path = name }
    }
}

extension BackupItem {
    /// Takes in what was measured of it.
    mutating func take(_ history: UsageHistory?) {
        guard !hasEnded, let latest = history?.latest else { return }
        usedBytes = latest.usedBytes
        files = latest.files
        measuredAt = latest.at
    }
}
