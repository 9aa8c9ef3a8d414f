import NFS

/// Contents of a share and of its records, as read: everything that ``ShareVerification`` judges by.
package struct ShareInventory: Sendable {
    /// State of a path.
    package enum Place: Sendable, Hashable {
        case directory(fileID: UInt64)
        case absent
        /// Something that is not a volume's directory; `reason` says why not.
        case obstructed(reason: String)
    }

    package var exportID: String
    /// The directories in the export's root but for the controller's own.
    package var directories: [NFSName]
    package var volumes: [RecordEntry<VolumeRecord>]
    package var archives: [RecordEntry<ArchiveRecord>]
    /// Every path that a record or a volume of the cluster refers to.
    package var places: [VolumePath: Place]
    /// The names in the controller's trash.
    package var trash: [NFSName]
    /// The names of copies that are being made of archives, each that of its volume, and of copies that are being
    /// unpacked.
    package var staging: [NFSName]
    /// Files of writes that were cut short, below the controller's folder.
    package var temporaries: [String]
}

extension RecordEntry {
    /// The record, even if it is in a file that is named for another.
    var readable: Record? {
        switch self {
        case .record(let record), .misnamed(let record, _, _): record
        case .unreadable: nil
        }
    }
}

extension VolumeRecord {
    var volumePath: VolumePath? { VolumePath(record: path) }
}

extension ArchiveRecord {
    var archivePath: VolumePath? { VolumePath(record: to) }

    /// The possible places of the directory in the archive's present state; the first is where it should be.
    var possiblePaths: [VolumePath] {
        switch state {
        case .renamed, .archived, .purging: [to].compactMap(VolumePath.init(record:))
        case .intent: [to, from].compactMap(VolumePath.init(record:))
        case .restoring: ([to] + (restore.map { [$0.path] } ?? [])).compactMap(VolumePath.init(record:))
        case .restored, .purged, .lost: []
        }
    }
}

extension VolumePath {
    /// Parses a path as a record stores it; nil if it is not a valid volume path.
    init?(record path: String) {
        guard let components = ExportPath.components(of: "/" + path),
            let path = try? VolumePath(components: components)
        else { return nil }
        self = path
    }
}
