import Kubernetes
import NFS

/// Record of one volume, kept on its share as `volumes/<volume>.json` so that the share describes itself.
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

    /// Decision that was made when the volume was released.
    package struct Release: Codable, Sendable, Hashable {
        package var action: ReleaseAction
        /// The reason, if the action is not what the class says.
        package var reason: String?
        package var at: Timestamp
    }

    package var version = 1
    package var volume: String
    package var claim: ClaimReference?
    package var storageClass: String?
    /// The path below the export's root, each component as the server has it.
    package var path: String
    package var origin: Origin
    /// The class's release action when the volume was made (P5: the record decides without a class).
    package var releaseAction: ReleaseAction
    /// The requested size as the claim wrote it.
    package var capacity: String?
    /// Further fields of the volume, so that it can be made again if the cluster is lost.
    package var accessModes: [AccessMode]?
    package var mountOptions: [String]?
    /// The name that the class's provisioner went by (V2: provisioned-by names the class's provisioner).
    package var provisioner: String?
    package var notes: ClaimNotes?
    package var backup: BackupRequirement?
    package var hooks: [HookResult]?
    /// The volume's cluster: the uid of its namespace `kube-system`.
    package var cluster: String?
    /// The archive that the directory is, or is a copy of.
    package var restoredFrom: RestoreRequest?
    /// nil while the directory is about to be made.
    package var directory: DirectoryIdentity?
    package var createdAt: Timestamp
    package var release: Release?

    package var recordName: String { volume }

    /// Whether its directory is that of an archive, moved rather than copied.
    func isMade(of archive: ArchiveRecord) -> Bool {
        restoredFrom?.archive == archive.id && restoredFrom?.mode == .move
            && directory?.isSame(as: archive.directory) ?? false
    }
}

extension VolumeRecord {
    /// Updates the record to the claim that the volume is bound to, or was bound to last, which an admin may have
    /// chosen. Drops the former claim's notes and every trace of its release: they are about other data.
    ///
    /// - Parameters:
    ///   - claim: The volume's claim.
    ///   - notes: The claim's notes, current or last; nil if unknown.
    /// - Returns: Whether the record changed.
    mutating func follow(_ claim: ClaimReference, notes: ClaimNotes?) -> Bool {
        guard self.claim != claim else { return false }
        self.claim = claim
        self.notes = notes
        // The former claim's `none` was about other data; the class may still say `none` for the new claim's.
        if backup == BackupRequirement.none { backup = nil }
        dropRelease()
        return true
    }

    /// Drops a release that did not happen, with its hooks' results: they are about data that may change again.
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
