import Kubernetes
import NFS

/// A released volume's directory, found and proven to be the volume's.
struct ReleasedDirectory {
    let plan: ReclaimPlan
    let parent: FileHandle
    let node: Node
    private let known: VolumeRecord?

    init(plan: ReclaimPlan, parent: FileHandle, node: Node, record: VolumeRecord?) {
        self.plan = plan
        self.parent = parent
        self.node = node
        known = record
    }

    /// Whether the data needs a backup before it may go.
    var backup: BackupRequirement {
        BackupRequirement(of: plan.volume, recorded: known?.backup, ofClass: plan.backup)
    }

    /// The volume's record, made now for a volume of another provisioner, with what was decided.
    func record(releasedAs action: ReleaseAction, reason: String?) -> VolumeRecord {
        var record =
            known
            ?? VolumeRecord(
                volume: plan.volumeName,
                claim: ClaimReference(plan.volume.spec?.claimRef),
                storageClass: plan.volume.className,
                path: plan.path.description,
                origin: .created,
                releaseAction: action,
                capacity: plan.volume.spec?.capacity?["storage"]?.rawValue,
                accessModes: plan.volume.spec?.accessModes,
                mountOptions: plan.volume.spec?.mountOptions,
                provisioner: plan.volume.metadata.annotations?[AnnotationKey.provisionedBy],
                notes: ClaimNotes().updated(from: plan.volume),
                directory: DirectoryIdentity(node.attributes),
                createdAt: .now
            )
        record.backup = backup
        record.release = VolumeRecord.Release(action: action, reason: reason, at: known?.release?.at ?? .now)
        return record
    }

    /// The archive's record with what is meant to happen.
    ///
    /// - Parameters:
    ///   - name: Where the directory is to go.
    ///   - reason: Why.
    ///   - earlier: The record of a run that got no further, whose hooks' results count.
    /// - Returns: The record to be written.
    func archiveRecord(to name: String, reason: String, earlier: ArchiveRecord?) -> ArchiveRecord {
        // A volume that was given to another claim since then has other data.
        if var earlier, earlier.state == .intent, earlier.directory.fileID == node.attributes.fileid,
            earlier.claim == ClaimReference(plan.volume.spec?.claimRef)
        {
            earlier.to = name
            return earlier
        }
        return ArchiveRecord(
            id: plan.volumeName,
            claim: ClaimReference(plan.volume.spec?.claimRef),
            storageClass: plan.volume.className,
            capacity: plan.volume.spec?.capacity?["storage"]?.rawValue,
            accessModes: plan.volume.spec?.accessModes,
            from: plan.path.description,
            to: name,
            directory: DirectoryIdentity(node.attributes),
            reason: reason,
            state: .intent,
            requestedAt: .now,
            notes: (known?.notes ?? ClaimNotes()).updated(from: plan.volume),
            backup: backup,
            cluster: known?.cluster
        )
    }
}
