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
    /// The directory's path below the export's root.
    package var path: String?
    /// The cluster that its record names; nil if there is none.
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
    /// The last result of each hook and phase, without the output of hooks that did not fail.
    package var hooks: [HookResult]
    /// When a hook last backed it up.
    package var lastBackupAt: Timestamp?
    package var createdAt: Timestamp?
    package var archivedAt: Timestamp?
    /// When it was purged, or became a volume again.
    package var endedAt: Timestamp?
    /// When retention expires; may be in the past. nil if it never does, or that is unknown.
    package var keptUntil: Timestamp?
    /// The reason for its hold; nil if it is not held.
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

    /// The possible states. A volume has its phase in the cluster, or a state from its record if the cluster has no
    /// such volume. An archive has its record's state, or `foreign`. Both can be `unreadable`.
    package static let states =
        [
            "Pending", "Available", "Bound", "Released", "Failed", "retained", "deleting", "absent", "recorded",
            "elsewhere",
        ]
        + ArchiveRecord.State.allCases.map(\.rawValue) + ["foreign", "unreadable"]

    /// Whether only its record is left.
    package var hasEnded: Bool { kind == .archive && ["purged", "restored", "lost"].contains(state) }

    /// The last known time at which something happened to it.
    var lastMoment: Timestamp? {
        ([createdAt, archivedAt, endedAt].compactMap { $0 } + hooks.map(\.finishedAt)).max()
    }
}

extension BackupItem {
    /// - Parameters:
    ///   - facts: The volume.
    ///   - export: The export that it lies on.
    ///   - sources: The sources of the report.
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
    ///   - review: The policy's verdicts on the share's archives; nil without a policy.
    ///   - export: The export that it lies on.
    ///   - sources: The sources of the report.
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

    /// Creates the item of an archive of which only the name is known.
    init(_ state: String, archive name: String, on export: ExportPath, because reason: String) {
        self.init(.archive, id: name, export: "\(export)", state: state, verdict: .unknown, reason: reason)
        if state == "foreign" { path = name }
    }
}

extension BackupItem {
    /// Adds the latest measurement.
    mutating func take(_ history: UsageHistory?) {
        guard !hasEnded, let latest = history?.latest else { return }
        usedBytes = latest.usedBytes
        files = latest.files
        measuredAt = latest.at
    }
}
