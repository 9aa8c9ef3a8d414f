import Kubernetes
import NFS

/// The life of one archive, kept on its share as `archives/<id>.json`. Written before the directory is renamed, so
/// that a crash in between leaves what was meant.
package struct ArchiveRecord: ShareRecord, Hashable {
    package static let folder = RecordFolder.archives

    package enum State: String, Codable, CaseIterable, Sendable {
        /// The rename is about to happen, or has happened without anybody having seen it.
        case intent
        /// Renamed; hooks are still to run.
        case renamed
        case archived
        /// It is about to become a volume's directory again, or has without anybody having seen it.
        case restoring
        /// It became a volume's directory again, and this record is what is left.
        case restored
        /// It is being removed; what is left of it is in the trash.
        case purging
        /// It is removed, and this record is what is left.
        case purged
        /// It was removed by hand, and this record is what is left.
        case lost

        /// Whether the archive's directory is one, or is on its way to be or to leave.
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

    /// Where an archive went when a claim asked for it back.
    package struct Restore: Codable, Sendable, Hashable {
        package var volume: String
        package var claim: ClaimReference?
        /// Below the export's root.
        package var path: String
        package var requestedAt: Timestamp
        package var doneAt: Timestamp?
    }

    package var version = 1
    /// The volume's name; with a number behind it where that stands for an earlier volume's archive.
    package var id: String
    /// The volume's name, where it is not the id.
    package var volume: String?
    package var claim: ClaimReference?
    package var storageClass: String?
    package var capacity: String?
    package var accessModes: [AccessMode]?
    /// Where the directory was, below the export's root.
    package var from: String
    /// Its name in the export's root.
    package var to: String
    package var directory: DirectoryIdentity
    /// Why it is an archive.
    package var reason: String
    /// Changed by ``advance(_:)`` alone.
    package internal(set) var state: State
    package var requestedAt: Timestamp
    package var archivedAt: Timestamp?
    /// When the data was released, by the server's clock; a restore from a copy keeps it.
    package var releasedAt: Timestamp?
    /// When the volume was made; orders archives of one claim that were released in the same second.
    package var volumeCreatedAt: Timestamp?
    /// Of an archive that an operation reads: the hold as it is. In the file: what a program wrote there that kept no file
    /// for it (``HoldRecord``).
    package var hold: Hold?
    package var purge: Purge?
    package var restore: Restore?
    package var notes: ClaimNotes?
    /// Whether the claim was deleted while no controller watched, so that ``notes`` may be outdated; nil: it was not.
    package var claimUnseen: Bool?
    package var backup: BackupRequirement?
    /// What became of hooks, one result for each hook and phase.
    package var hooks: [HookResult]?
    /// Which cluster the volume was of.
    package var cluster: String?
    /// The copy that its directory was made of, for people; nil: it is the directory that was archived.
    package var unpackedFrom: String?
    /// The archive that the copy was of, where that is not the id.
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

    /// When it got into the state that it is in; nil: nothing more will become of it.
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

    /// Whether it is of a cluster, or of none by its record: clusters may share a share.
    package func isOf(_ cluster: String?) -> Bool { self.cluster == nil || self.cluster == cluster }
}
