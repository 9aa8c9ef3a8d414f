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
    /// Of a volume its phase in the cluster; of an archive its record's state, or `unreadable`, or `foreign`.
    package var state: String
    package var verdict: BackupVerdict
    /// One sentence.
    package var reason: String
    package var requirement: BackupRequirement?
    package var requestedBytes: Int64?
    package var usedBytes: UInt64?
    package var files: UInt64?
    package var measuredAt: Timestamp?
    /// What became of hooks last, one result for each hook and phase.
    package var hooks: [HookResult]
    /// When a hook last backed it up.
    package var lastBackupAt: Timestamp?
    package var createdAt: Timestamp?
    package var archivedAt: Timestamp?
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
        self.hooks = hooks
    }
}
