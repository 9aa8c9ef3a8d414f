import Kubernetes

/// Line of a share's audit log: what was done to a volume's directory, when, by whom and by which rule. It is written
/// before the action counts as done, so after a crash it is there at least once, and perhaps twice.
package struct AuditEntry: Codable, Sendable, Hashable {
    package enum Action: String, Codable, CaseIterable, Sendable {
        case created, adopted, withdrawn, archived, deleted, retained, missing, held, holdReleased, purged
        /// An archive became a volume's directory again, or was copied into one.
        case restored
        /// A copy of an archive's data became an archive.
        case unpacked
    }

    /// When it was done. Exact, so that what was done within a second stays in order; earlier programs wrote whole seconds.
    package var moment: MicroTime
    package var action: Action
    package var volume: String
    package var claim: ClaimReference?
    package var path: String
    /// The directory's new path.
    package var to: String?
    /// The rule, or the reason for an exception from it.
    package var reason: String
    /// The volume's cluster: the uid of its namespace `kube-system`. If unknown, the log fills in the process's own.
    package var cluster: String?
    /// The process that did it; the log fills it in.
    package var by: String?

    /// The second in which it was done.
    package var at: Timestamp { moment.second }
}

extension AuditEntry {
    private enum CodingKeys: String, CodingKey {
        case moment = "at"
        case action, volume, claim, path, to, reason, cluster, by
    }

    /// The key of the action in lines that earlier programs wrote.
    private enum EarlierKeys: String, CodingKey {
        case deed
    }

    package init(from decoder: any Decoder) throws {
        let (fields, earlier) = (
            try decoder.container(keyedBy: CodingKeys.self), try decoder.container(keyedBy: EarlierKeys.self)
        )
        moment = try fields.decode(MicroTime.self, forKey: .moment)
        action =
            try fields.decodeIfPresent(Action.self, forKey: .action) ?? earlier.decode(Action.self, forKey: .deed)
        volume = try fields.decode(String.self, forKey: .volume)
        claim = try fields.decodeIfPresent(ClaimReference.self, forKey: .claim)
        path = try fields.decode(String.self, forKey: .path)
        to = try fields.decodeIfPresent(String.self, forKey: .to)
        reason = try fields.decode(String.self, forKey: .reason)
        cluster = try fields.decodeIfPresent(String.self, forKey: .cluster)
        by = try fields.decodeIfPresent(String.self, forKey: .by)
    }
}

extension AuditEntry {
    init(_ action: Action, _ record: VolumeRecord, reason: String) {
        self.init(
            moment: .now,
            action: action,
            volume: record.volume,
            claim: record.claim,
            path: record.path,
            reason: reason,
            cluster: record.cluster
        )
    }

    /// An entry about an archive whose directory was at `path` and is now at `to`.
    init(_ action: Action, _ record: ArchiveRecord, path: String, to: String? = nil, reason: String) {
        self.init(
            moment: .now,
            action: action,
            volume: record.volumeName,
            claim: record.claim,
            path: path,
            to: to,
            reason: reason,
            cluster: record.cluster
        )
    }

    init(_ action: Action, _ plan: ReclaimPlan, reason: String) {
        self.init(
            moment: .now,
            action: action,
            volume: plan.volumeName,
            claim: ClaimReference(plan.volume.spec?.claimRef),
            path: plan.path.description,
            reason: reason
        )
    }
}
