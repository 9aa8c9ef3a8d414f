import Kubernetes
import NFS

/// What is to happen with the directory of one released volume, decided before anything is touched.
package struct ReclaimPlan: Sendable, Hashable {
    package let volume: PersistentVolume
    package let share: ShareAddress
    package let path: VolumePath
    /// What the live class says; nil when there is no class of ours any more, or it cannot be read (P5: then the record
    /// decides, without one it is archived).
    package let action: ReleaseAction?

    /// What the live class says about a backup; nil if it says nothing, or there is no class of ours any more.
    package let backup: BackupRequirement?

    /// What is known of the last state of the volume's claim.
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
    /// The export's identity when the volume was made (R4: missing counts only there); nil for a volume of another provisioner.
    package var exportID: String? { volume.metadata.annotations?[AnnotationKey.exportID] }
    /// The directory's identity when the volume was made; nil for a volume of another provisioner.
    package var fileID: UInt64? { volume.metadata.annotations?[AnnotationKey.fileID].flatMap { UInt64($0) } }
}

extension ReclaimPlan {
    /// Why the data of a claim whose deletion nobody saw is kept, for people.
    package static let unseenDeletion =
        "the claim was deleted while no controller watched, so its last annotations are unknown"

    /// Whether the claim's last annotations are unknown.
    package var isClaimUnseen: Bool { lastClaimState == .unseen }

    private var lastNotes: ClaimNotes? {
        if case .seen(let notes) = lastClaimState { notes } else { nil }
    }

    /// Whether the data needs a backup before it may go, with what the share knows of the volume.
    func backup(_ record: VolumeRecord?) -> BackupRequirement {
        BackupRequirement(of: volume, lastNotes: lastNotes, recorded: record?.backup, ofClass: backup)
    }

    /// What the claim said last, as far as is known, with what the share knows of the volume: hooks are selected by it, and
    /// retention heeds it.
    func notes(_ record: VolumeRecord?) -> ClaimNotes {
        if let lastNotes { return lastNotes }
        // An earlier run of this release may have seen what this one has not.
        if record?.release != nil, let notes = record?.notes { return notes }
        return (record?.notes ?? ClaimNotes()).updated(from: volume)
    }
}
