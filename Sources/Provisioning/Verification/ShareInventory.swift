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

    /// What lies in a directory that no record and no volume refers to.
    package enum Contents: Sendable, Hashable {
        /// Folders at most, and no file.
        case noFiles
        /// An export that a controller uses.
        case export
        /// Copies of volumes, with their manifests.
        case copies
        case files
    }

    package var exportID: String
    /// The directories in the export's root but for the controller's own.
    package var directories: [NFSName]
    /// The contents of those that no record and no volume refers to.
    package var unexplained: [NFSName: Contents] = [:]
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

extension ShareInventory {
    /// Directories that file systems, servers and NAS systems themselves keep in the root of an export.
    private static let systemDirectories: Set<NFSName> = [
        "lost+found", ".snapshot", ".snapshots", "~snapshot", "#snapshot", ".zfs", "#recycle", "@Recycle", "@eaDir",
        "@Recently-Snapshot", ".Trash", ".Trashes", "$RECYCLE.BIN", "System Volume Information",
    ]

    /// Whether the file system, the server or a desktop keeps a directory for itself.
    static func isOfSystem(_ name: NFSName) -> Bool {
        systemDirectories.contains(name) || name.description.hasPrefix(".Trash-")
    }

    /// The names in the root that something explains: a volume's or an archive's directory, or a folder on the way to
    /// one. `paths` are those of the cluster's volumes.
    func explained(by paths: [VolumePath]) -> Set<NFSName> {
        let archives = self.archives.compactMap(\.readable)
        // The folders that a path pattern makes stay when their last volume leaves.
        let left = archives.compactMap { VolumePath(record: $0.from) }.filter { $0.components.count > 1 }
        let recorded = volumes.compactMap { $0.readable?.volumePath } + archives.flatMap(\.possiblePaths)
        return Set((recorded + left + paths).map { $0.components[0] })
    }
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
