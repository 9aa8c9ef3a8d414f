import Kubernetes
import NFS

/// What is known of one volume, kept on its share as `volumes/<volume>.json` so that the share describes itself.
///
/// A volume made by another provisioner has none until it is reclaimed.
package struct VolumeRecord: ShareRecord, Hashable {
    package static let folder = RecordFolder.volumes

    package enum Origin: String, Codable, Sendable {
        /// The directory was made for the volume.
        case created
        /// The directory was there before (S8: an adopted directory is never deleted).
        case adopted
        /// It is an archive's directory, or a copy of one.
        case restored
    }

    /// What was decided when the volume was released.
    package struct Release: Codable, Sendable, Hashable {
        package var action: ReleaseAction
        /// Why, where it is not what the class says.
        package var reason: String?
        package var at: Timestamp
    }

    package var version = 1
    package var volume: String
    package var claim: ClaimReference?
    package var storageClass: String?
    /// Below the export's root, each component as the server has it.
    package var path: String
    package var origin: Origin
    /// What the class said about release when the volume was made (P5: the record decides without a class).
    package var releaseAction: ReleaseAction
    /// What the claim asked for, as it wrote it.
    package var capacity: String?
    /// What the volume is made of besides, so that it can be made again when the cluster is lost.
    package var accessModes: [AccessMode]?
    package var mountOptions: [String]?
    /// The name that the class's provisioner went by (V2: provisioned-by names the class's provisioner).
    package var provisioner: String?
    package var notes: ClaimNotes?
    package var backup: BackupRequirement?
    package var hooks: [HookResult]?
    /// Which cluster the volume is of: the uid of its namespace `kube-system`.
    package var cluster: String?
    /// The archive that the directory is, or is a copy of.
    package var restoredFrom: RestoreRequest?
    /// nil while the directory is about to be made.
    package var directory: DirectoryIdentity?
    package var createdAt: Timestamp
    package var release: Release?

    package var recordName: String { volume }

    /// Whether its directory is that of an archive, moved.
    func isMade(of archive: ArchiveRecord) -> Bool {
        restoredFrom?.archive == archive.id && restoredFrom?.mode == .move
            && directory?.isSame(as: archive.directory) ?? false
    }
}

extension VolumeRecord {
    /// Has the record name the claim that the volume is bound to, or was bound to last, which an admin may have chosen. What
    /// the former claim said, and every trace of its release, goes: it is about other data.
    ///
    /// - Parameters:
    ///   - claim: The volume's claim.
    ///   - notes: What that claim says, or said last; nil if it is not known.
    /// - Returns: Whether the record changed.
    mutating func follow(_ claim: ClaimReference, notes: ClaimNotes?) -> Bool {
        guard self.claim != claim else { return false }
        self.claim = claim
        self.notes = notes
        // Nobody said of the new claim's data that it needs no backup; its class may.
        if backup == BackupRequirement.none { backup = nil }
        dropRelease()
        return true
    }

    /// Forgets a release that did not happen, with what hooks made of it: their results are about data that may change again.
    ///
    /// - Returns: Whether the record changed.
    @discardableResult
    mutating func dropRelease() -> Bool {
        let kept = hooks?.filter { !$0.phase.isOfRelease }
        guard release != nil || kept != hooks else { return false }
        release = nil
        hooks = kept.flatMap { $0.isEmpty ? nil : $0 }
        return true
    }
}

extension HookPhase {
    /// Whether its hooks run because the volume was released.
    fileprivate var isOfRelease: Bool {
        switch self {
        case .beforeArchive, .afterArchive, .beforePurge: true
        case .afterProvision, .afterRestore: false
        }
    }
}
