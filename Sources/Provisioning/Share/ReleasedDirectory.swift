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
        record.release = VolumeRecord.Release(action: action, reason: reason, at: .now)
        return record
    }

    func archiveRecord(to name: String, reason: String) -> ArchiveRecord {
        ArchiveRecord(
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
            cluster: known?.cluster
        )
    }
}
