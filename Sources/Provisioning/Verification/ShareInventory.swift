import NFS

/// What lies on a share and what its records say, as read: all that ``ShareVerification`` judges by.
package struct ShareInventory: Sendable {
    /// What stands at a path.
    package enum Place: Sendable, Hashable {
        case directory(fileID: UInt64)
        case absent
        /// Something that is no volume's directory, and why not.
        case obstructed(reason: String)
    }

    package var exportID: String
    /// The directories in the export's root but for the controller's own.
    package var directories: [NFSName]
    package var volumes: [RecordEntry<VolumeRecord>]
    package var archives: [RecordEntry<ArchiveRecord>]
    /// Every path that a record or a volume of the cluster speaks of.
    package var places: [VolumePath: Place]
    /// The names in the controller's trash.
    package var trash: [NFSName]
    /// The names of copies that are being made of archives, each that of its volume.
    package var staging: [NFSName]
    /// Files of writes that were cut short, below the controller's folder.
    package var temporaries: [String]
}

extension RecordEntry {
    /// The record, also where it is in the file of another.
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

    /// Where the directory may be while the archive is in its present state; the first is where it should be.
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
    /// A path as a record has it; nil if it is none, or climbs.
    init?(record path: String) {
        guard let components = ExportPath.components(of: "/" + path),
            let path = try? VolumePath(components: components)
        else { return nil }
        self = path
    }
}
