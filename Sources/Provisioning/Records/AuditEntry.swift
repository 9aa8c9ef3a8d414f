import Kubernetes

/// One line of a share's audit log: what was done to a volume's directory, when, by whom and by which rule. Written
/// before the deed counts as done, so that after a crash a line may stand twice, and never not at all.
package struct AuditEntry: Codable, Sendable, Hashable {
    package enum Deed: String, Codable, CaseIterable, Sendable {
        case created, adopted, withdrawn, archived, deleted, retained, missing, held, holdReleased, purged
        /// An archive became a volume's directory again, or was copied into one.
        case restored
        /// A copy of an archive's data became an archive.
        case unpacked
    }

    package var at: Timestamp
    package var deed: Deed
    package var volume: String
    package var claim: ClaimReference?
    package var path: String
    /// Where it went.
    package var to: String?
    /// The rule, or the reason for an exception from it.
    package var reason: String
    /// Which cluster the volume was of: the uid of its namespace `kube-system`. Where nothing says it, the log fills in
    /// that of the process.
    package var cluster: String?
    /// The process that did it; the log fills it in.
    package var by: String?
}

extension AuditEntry {
    init(_ deed: Deed, _ record: VolumeRecord, reason: String) {
        self.init(
            at: .now,
            deed: deed,
            volume: record.volume,
            claim: record.claim,
            path: record.path,
            reason: reason,
            cluster: record.cluster
        )
    }

    /// The directory was at `path` when it was done, and is `to` since.
    init(_ deed: Deed, _ record: ArchiveRecord, path: String, to: String? = nil, reason: String) {
        self.init(
            at: .now,
            deed: deed,
            volume: record.volumeName,
            claim: record.claim,
            path: path,
            to: to,
            reason: reason,
            cluster: record.cluster
        )
    }

    init(_ deed: Deed, _ plan: ReclaimPlan, reason: String) {
        self.init(
            at: .now,
            deed: deed,
            volume: plan.volumeName,
            claim: ClaimReference(plan.volume.spec?.claimRef),
            path: plan.path.description,
            reason: reason
        )
    }
}
