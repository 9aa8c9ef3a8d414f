import Kubernetes
import NFS

/// Plan for the directory of one released volume, made before anything is touched.
package struct ReclaimPlan: Sendable, Hashable {
    package let volume: PersistentVolume
    package let share: ShareAddress
    package let path: VolumePath
    /// The live class's release action; nil if no class of ours is left, or it cannot be read (P5: then the record
    /// decides, without one it is archived).
    package let action: ReleaseAction?

    /// The live class's backup requirement; nil if it states none, or no class of ours is left.
    package let backup: BackupRequirement?

    /// The last known state of the volume's claim.
    package let lastClaimState: LastClaimState

    package init(
        volume: PersistentVolume,
        share: ShareAddress,
        path: VolumePath,
        action: ReleaseAction?,
        backup: BackupRequirement? = nil,
        lastClaimState: LastClaimState = .carried
    ) {
        self.volume = volume
        self.share = share
        self.path = path
        self.action = action
        self.backup = backup
        self.lastClaimState = lastClaimState
    }

    /// Whether the volume says that its directory was there before it (S8: an adopted directory is never deleted).
    package var isAdopted: Bool { volume.metadata.annotations?[AnnotationKey.adopted] == "true" }
    package var volumeName: String { volume.metadata.name ?? "" }
    /// The export's identity when the volume was made (R4: missing counts only there); nil for a volume of another
    /// provisioner.
    package var exportID: String? { volume.metadata.annotations?[AnnotationKey.exportID] }
    /// The directory's identity when the volume was made; nil for a volume of another provisioner.
    package var fileID: UInt64? { volume.metadata.annotations?[AnnotationKey.fileID].flatMap { UInt64($0) } }
}

extension ReclaimPlan {
    /// The reason, worded for people, to keep the data of a claim whose deletion was not seen.
    package static let unseenDeletion =
        "the claim was deleted while no controller watched, so its last annotations are unknown"

    /// Whether the claim's last annotations are unknown.
    package var isClaimUnseen: Bool { lastClaimState == .unseen }

    private var lastNotes: ClaimNotes? {
        if case .seen(let notes) = lastClaimState { notes } else { nil }
    }

    /// The backup that the data needs before it may be removed, according also to the volume's record.
    func backup(_ record: VolumeRecord?) -> BackupRequirement {
        BackupRequirement(of: volume, lastNotes: lastNotes, recorded: record?.backup, ofClass: backup)
    }

    /// The claim's last known notes, according also to the volume's record: hooks are selected by them, and retention
    /// heeds them.
    func notes(_ record: VolumeRecord?) -> ClaimNotes {
        if let lastNotes { return lastNotes }
        // An earlier run of this release may have seen what this one has not.
        if record?.release != nil, let notes = record?.notes { return notes }
        return (record?.notes ?? ClaimNotes()).updated(from: volume)
    }
}
