import Kubernetes
import NFS

/// Record of one archive, kept on its share as `archives/<id>.json`. It is written before the directory is renamed, so
/// that a crash in between leaves the intent.
package struct ArchiveRecord: ShareRecord, Hashable {
    package static let folder = RecordFolder.archives

    package enum State: String, Codable, CaseIterable, Sendable {
        /// The rename is about to happen, or happened unrecorded.
        case intent
        /// Renamed; hooks still have to run.
        case renamed
        case archived
        /// It is about to become a volume's directory again, or became one unrecorded.
        case restoring
        /// It became a volume's directory again; only this record is left.
        case restored
        /// It is being removed; what is left of it is in the trash.
        case purging
        /// It is removed; only this record is left.
        case purged
        /// It was removed by hand; only this record is left.
        case lost

        /// Whether the directory is an archive, or is on its way to become one or to leave.
        var isOnShare: Bool { [.intent, .renamed, .archived, .restoring].contains(self) }
    }

    /// Keeps an archive from being purged.
    package struct Hold: Codable, Sendable, Hashable {
        package var reason: String
        package var at: Timestamp
        /// Whether it has a file of its own, and is not written into the archive's record.
        var isFile = false

        private enum CodingKeys: String, CodingKey {
            case reason, at
        }

        package init(reason: String, at: Timestamp) {
            self.init(reason: reason, at: at, isFile: false)
        }

        init(reason: String, at: Timestamp, isFile: Bool) {
            (self.reason, self.at, self.isFile) = (reason, at, isFile)
        }
    }

    /// Why and when an archive was removed.
    package struct Purge: Codable, Sendable, Hashable {
        package var reason: String
        package var requestedAt: Timestamp
        package var doneAt: Timestamp?
    }

    /// Restore of an archive that a claim requested.
    package struct Restore: Codable, Sendable, Hashable {
        package var volume: String
        package var claim: ClaimReference?
        /// The path below the export's root.
        package var path: String
        package var requestedAt: Timestamp
        package var doneAt: Timestamp?
    }

    package var version = 1
    /// The volume's name, with a number appended if an earlier volume's archive has that id.
    package var id: String
    /// The volume's name, where it is not the id.
    package var volume: String?
    package var claim: ClaimReference?
    package var storageClass: String?
    package var capacity: String?
    package var accessModes: [AccessMode]?
    /// The directory's former path below the export's root.
    package var from: String
    /// Its name in the export's root.
    package var to: String
    package var directory: DirectoryIdentity
    /// Why it is an archive.
    package var reason: String
    /// Changed only by ``advance(_:)``.
    package internal(set) var state: State
    package var requestedAt: Timestamp
    package var archivedAt: Timestamp?
    /// When the data was released, by the server's clock; a restore from a copy keeps it.
    package var releasedAt: Timestamp?
    /// When the volume was made; orders archives of one claim that were released in the same second.
    package var volumeCreatedAt: Timestamp?
    /// In a record that an operation reads, the current hold. In the file, the hold of a program that kept no file of
    /// its own for it (``HoldRecord``).
    package var hold: Hold?
    package var purge: Purge?
    package var restore: Restore?
    package var notes: ClaimNotes?
    /// Whether the claim was deleted while no controller watched, so that ``notes`` may be outdated; nil if it was not.
    package var claimUnseen: Bool?
    package var backup: BackupRequirement?
    /// The results of hooks, one for each hook and phase.
    package var hooks: [HookResult]?
    /// The cluster that the volume belonged to.
    package var cluster: String?
    /// The copy that its directory was made from, for display; nil if it is the directory that was archived.
    package var unpackedFrom: String?
    /// The archive that was copied, if that is not the id.
    package var copyOf: String?

    /// Whether its directory may be in the export's root.
    package var isOnShare: Bool { state.isOnShare }
    package var recordName: String { id }
    package var stored: ArchiveRecord {
        var record = self
        if hold?.isFile ?? false { record.hold = nil }
        return record
    }
    package var volumeName: String { volume ?? id }

    /// When it entered its current state; nil in a final state.
    package var inStateSince: Timestamp? {
        switch state {
        case .intent, .renamed: requestedAt
        case .archived: archivedAt ?? requestedAt
        case .restoring: restore?.requestedAt ?? requestedAt
        case .purging: purge?.requestedAt ?? requestedAt
        case .restored, .purged, .lost: nil
        }
    }

    /// When its data was released; nil where only the time of a later restore from a copy is recorded.
    package var dataReleasedAt: Timestamp? { releasedAt ?? (unpackedFrom == nil ? requestedAt : nil) }

    /// Whether it belongs to a cluster, or its record names none: clusters may share a share.
    package func isOf(_ cluster: String?) -> Bool { self.cluster == nil || self.cluster == cluster }
}
