import Kubernetes
import NFS

/// What is to happen with the directory of one released volume, decided before anything is touched.
package struct ReclaimPlan: Sendable, Hashable {
    package let volume: PersistentVolume
    package let share: ShareAddress
    package let path: VolumePath
    /// What the live class says; nil when there is no class any more, or it cannot be read: the volume's record
    /// decides then, and without one the directory is archived (rule P5).
    package let action: ReleaseAction?

    /// What the live class says about a backup.
    package let backup: BackupRequirement?

    package init(
        volume: PersistentVolume,
        share: ShareAddress,
        path: VolumePath,
        action: ReleaseAction?,
        backup: BackupRequirement? = nil
    ) {
        self.volume = volume
        self.share = share
        self.path = path
        self.action = action
        self.backup = backup
    }

    /// Whether the volume says that its directory was there before it (rule S5).
    package var isAdopted: Bool { volume.metadata.annotations?[AnnotationKey.adopted] == "true" }
    package var volumeName: String { volume.metadata.name ?? "" }
    /// The export's identity when the volume was made (rule R4); nil for a volume of another provisioner.
    package var exportID: String? { volume.metadata.annotations?[AnnotationKey.exportID] }
    /// The directory's identity when the volume was made; nil for a volume of another provisioner.
    package var fileID: UInt64? { volume.metadata.annotations?[AnnotationKey.fileID].flatMap { UInt64($0) } }
}
