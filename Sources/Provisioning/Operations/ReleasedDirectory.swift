import Kubernetes
import NFS

/// A released volume's directory, found and proven to be the volume's.
struct ReleasedDirectory {
    let plan: ReclaimPlan
    let parent: FileHandle
    let node: Node
    let identity: DirectoryIdentity
    private let known: VolumeRecord?

    init(plan: ReclaimPlan, parent: FileHandle, node: Node, identity: DirectoryIdentity, record: VolumeRecord?) {
        self.plan = plan
        self.parent = parent
        self.node = node
        self.identity = identity
        known = record
    }

    /// The backup that the data needs before it may be removed.
    var backup: BackupRequirement { plan.backup(known) }

    /// The volume's record with the decision; made now for a volume of another provisioner.
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
                directory: identity,
                createdAt: .now
            )
        record.notes = plan.notes(known)
        record.backup = backup
        record.directory = identity
        record.release = VolumeRecord.Release(action: action, reason: reason, at: known?.release?.at ?? .now)
        return record
    }

    /// The archive's record, with the intent to archive.
    ///
    /// - Parameters:
    ///   - id: The archive's id.
    ///   - name: The archive's name in the export's root.
    ///   - reason: The reason for archiving.
    ///   - earlier: The record of an interrupted run; the results of its hooks count.
    /// - Returns: The record to be written.
    func archiveRecord(_ id: String, to name: String, reason: String, earlier: ArchiveRecord?) -> ArchiveRecord {
        if var earlier, earlier.state == .intent, earlier.directory.isSame(as: identity) {
            earlier.to = name
            // The requirement may have become stricter while hooks ran.
            earlier.backup = BackupRequirement.strictest([earlier.backup, backup])
            return earlier
        }
        return ArchiveRecord(
            id: id,
            volume: id == plan.volumeName ? nil : plan.volumeName,
            claim: ClaimReference(plan.volume.spec?.claimRef),
            storageClass: plan.volume.className,
            capacity: plan.volume.spec?.capacity?["storage"]?.rawValue,
            accessModes: plan.volume.spec?.accessModes,
            from: plan.path.description,
            to: name,
            directory: identity,
            reason: reason,
            state: .intent,
            requestedAt: .now,
            volumeCreatedAt: plan.volume.metadata.creationTimestamp,
            notes: plan.notes(known),
            claimUnseen: plan.isClaimUnseen ? true : nil,
            backup: backup,
            cluster: known?.cluster
        )
    }
}
