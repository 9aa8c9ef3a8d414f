import Kubernetes
import NFS

/// Everything that is to be made for one claim, decided before anything is touched.
package struct ProvisioningPlan: Sendable, Hashable {
    /// The claim as it was when the plan was made.
    package let claim: ObjectReference
    package let notes: ClaimNotes
    package let className: String
    package let share: ShareAddress
    package let path: VolumePath
    /// Whether the class chose the path (S8: only then may an existing directory be adopted).
    package let pathIsChosen: Bool
    package let mode: UInt32
    package let uid: UInt32?
    package let gid: UInt32?
    /// What the class says about release, kept in the volume's record (P5: the record decides without a class).
    package let releaseAction: ReleaseAction
    /// Whether the data needs a backup before it may go: the stricter of what the claim and the class say; nil if neither
    /// says anything, so that what is said later counts.
    package let backup: BackupRequirement?
    /// The archive that the directory is made of; nil: it is made empty.
    package let restore: RestoreRequest?
    /// Whether that may be another namespace's.
    package let restoresAcrossNamespaces: Bool
    /// From which nodes the export can be reached, as far as the class allows (C8: topologies are honoured); nil: from all.
    package let topology: Topology?
    /// The node that the scheduler chose for the claim's pod.
    package let selectedNode: String?
    /// The volume to create, but for what is known only once the directory is there.
    package let volume: PersistentVolume

    package var volumeName: String { volume.metadata.name ?? "" }
    package var claimKey: ObjectKey { ObjectKey(namespace: claim.namespace, name: claim.name ?? "") }
}
