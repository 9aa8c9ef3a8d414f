import Backup
import Kubernetes
import Provisioning

/// One volume or archive in a ``BackupReport``.
package struct BackupItem: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable {
        case volume, archive
    }

    package var kind: Kind
    /// The PersistentVolume's name, which is the archive's id as well.
    package var id: String
    package var namespace: String?
    package var claim: String?
    package var storageClass: String?
    /// `server:/path`
    package var export: String
    /// Of the directory, below the export's root.
    package var path: String?
    /// The cluster that its record names; nil: none.
    package var cluster: String?
    /// One of ``states``.
    package var state: String
    package var verdict: BackupVerdict
    /// One sentence.
    package var reason: String
    package var requirement: BackupRequirement?
    package var requestedBytes: Int64?
    package var usedBytes: UInt64?
    package var files: UInt64?
    package var measuredAt: Timestamp?
    /// What became of hooks last, one result for each hook and phase; without the output of those that did not fail.
    package var hooks: [HookResult]
    /// When a hook last backed it up.
    package var lastBackupAt: Timestamp?
    package var createdAt: Timestamp?
    package var archivedAt: Timestamp?
    /// When it was purged, or became a volume again.
    package var endedAt: Timestamp?
    /// When time alone has it purged, also in the past; nil: never, or nothing says.
    package var keptUntil: Timestamp?
    /// Why nothing may purge it; nil: nothing holds it.
    package var hold: String?

    package init(
        _ kind: Kind,
        id: String,
        export: String,
        state: String,
        verdict: BackupVerdict,
        reason: String,
        hooks: [HookResult] = []
    ) {
        self.kind = kind
        self.id = id
        self.export = export
        self.state = state
        self.verdict = verdict
        self.reason = reason
        self.hooks = hooks.map { result in
            var result = result
            if !result.isFailure { result.output = nil }
            return result
        }
    }

    /// Of a volume its phase in the cluster, or without a volume in the cluster what its record says; of an archive its
    /// record's state, or `foreign`; of both `unreadable`.
    package static let states =
        [
            "Pending", "Available", "Bound", "Released", "Failed", "retained", "deleting", "absent", "recorded",
            "elsewhere",
        ]
        + ["intent", "renamed", "archived", "restoring", "restored", "purging", "purged", "foreign", "unreadable"]

    /// Whether only its record is left.
    package var hasEnded: Bool { kind == .archive && ["purged", "restored"].contains(state) }

    /// When something happened to it last, as far as is known.
    var lastMoment: Timestamp? {
        ([createdAt, archivedAt, endedAt].compactMap { $0 } + hooks.map(\.finishedAt)).max()
    }
}

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
