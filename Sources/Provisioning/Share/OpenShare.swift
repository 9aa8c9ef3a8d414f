import Kubernetes
import NFS

/// A share whose folder is open: what every operation works on.
struct OpenShare: Sendable {
    let address: ShareAddress
    let export: Export
    let folder: ControllerFolder
    private(set) var records: RecordStore
    private(set) var audit: AuditTrail
    let state: ShareState
    private let context: ShareContext

    init(
        address: ShareAddress,
        export: Export,
        folder: ControllerFolder,
        log: AuditLog,
        state: ShareState,
        context: ShareContext
    ) {
        self.address = address
        self.export = export
        self.folder = folder
        self.state = state
        records = RecordStore(export: export, folder: folder, address: address)
        audit = AuditTrail(log: log, folder: folder, export: export)
        self.context = context
    }

    /// The cluster that this process works for; nil while it is not known.
    var cluster: String? { context.cluster() }
    var hooks: any VolumeHooks { context.hooks }
    var hookSlots: ConcurrencyLimiter<String> { context.hookSlots }
    var archiveLocks: ArchiveLocks { context.archiveLocks }
    var archiveNames: ArchiveNameReservations { state.archiveNames }
    var reserve: RoomReserve { state.reserve }
    var index: RecordIndex { state.index }

    /// The same share, whose records and audit lines may use the reserve of room.
    var withReserve: OpenShare {
        var share = self
        share.records.reserve = reserve
        share.audit.reserve = reserve
        return share
    }

    /// Reports a catalogue that was read to its end.
    func report(_ catalogue: [CatalogueEntry]) {
        context.onCatalogue(address.export, catalogue)
    }

    /// Whether a node is the recorded directory; false if either is missing.
    func isThat(_ directory: DirectoryIdentity?, _ node: Node?) -> Bool {
        guard let directory, let node else { return false }
        return identity(of: node).isSame(as: directory)
    }

    func identity(of node: Node) -> DirectoryIdentity { DirectoryIdentity(node, witness: folder.own) }

    /// Checks that the share which answers now is the one that was opened (S7: no other share is used).
    func confirmIdentity() async throws {
        let root = try await export.remount()
        let marker = try await ControllerFolder.marker(in: root, on: export)
        guard marker?.id == folder.exportID, root.handle == folder.root.handle else {
            state.folder.reset()
            throw ShareError("the export \(address) is no longer the same share: its identity is missing or different")
        }
    }
}

extension OpenShare {
    /// Locks an archive against other operations of this process, reads its record, and runs `body`.
    ///
    /// - Throws: ``ShareError`` if another operation works on it, or there is no such archive; what `body` throws.
    func withArchive<Value>(
        _ id: String,
        _ mode: ArchiveLocks.Mode = .exclusive,
        _ body: (ArchiveRecord) async throws -> Value
    ) async throws -> Value {
        guard archiveLocks.acquire(id, on: folder.exportID, mode) else {
            throw ShareError("archive \(id) on \(address): another operation is using it; will retry")
        }
        defer { archiveLocks.release(id, on: folder.exportID) }
        return try await body(try await archive(id))
    }

    /// The archive's directory in the export's root, proven to be the one that was archived.
    func directory(of archive: ArchiveRecord) async throws -> Node {
        if let node = try await directoryIfPresent(of: archive) { return node }
        throw ShareError("\(archive.to) is not on \(address): the archive \(archive.id) was moved or removed by hand")
    }

    /// The archive's directory, if it is there, proven to be the one that was archived.
    ///
    /// - Returns: nil if nothing is there.
    func directoryIfPresent(of archive: ArchiveRecord) async throws -> Node? {
        guard let node = try await export.lookupIfPresent(try NFSName(archive.to), in: folder.root.handle) else {
            return nil
        }
        guard node.attributes.type == .directory, isThat(archive.directory, node) else {
            throw ShareError(
                "\(archive.to) on \(address) is not the directory that was archived as \(archive.id); nothing was touched"
            )
        }
        return node
    }

    /// The error for an archive that is not available now.
    func unavailable(_ archive: ArchiveRecord) -> ShareError {
        ShareError("archive \(archive.id) on \(address): \(archive.hindrance)")
    }
}

extension OpenShare {
    /// The directory at a path and the one it lies in; nil if a component is not there.
    ///
    /// - Throws: ``ShareError`` when a component is no directory (S5: a link or file is refused), or lies on another
    ///   file system (S10: never across file systems).
    func locate(_ path: VolumePath) async throws -> (parent: FileHandle, node: Node)? {
        try await export.locate(path, below: folder.root)
    }

    /// Makes the directory that a volume's directory lies in, as `mkdir -p` would.
    func makeParent(of path: VolumePath) async throws -> FileHandle {
        var parent = folder.root.handle
        for component in path.components.dropLast() {
            let node = try await export.ensureDirectory(component, in: parent, mode: 0o755)
            try await require(node, component, of: path)
            parent = node.handle
        }
        return parent
    }

    /// - Throws: ``ShareError`` unless the node is a directory (S5: a link or file is refused) on the root's file
    ///   system (S10: never across file systems).
    func require(_ node: Node, _ component: NFSName, of path: VolumePath) async throws {
        try await export.require(node, below: folder.root, component, of: path)
    }
}

extension Export {
    /// The directory at a path below a root, and the one it lies in; nil if a component is not there.
    ///
    /// - Throws: ``ShareError`` when a component is no directory (S5: a link or file is refused), or lies on another
    ///   file system than the root (S10: never across file systems).
    func locate(_ path: VolumePath, below root: Node) async throws -> (parent: FileHandle, node: Node)? {
        var parent = root.handle
        var found: Node?
        for component in path.components {
            parent = found?.handle ?? parent
            guard let node = try await lookupIfPresent(component, in: parent) else { return nil }
            try await require(node, below: root, component, of: path)
            found = node
        }
        return found.map { (parent, $0) }
    }

    /// - Throws: ``ShareError`` unless the node is a directory (S5: a link or file is refused) on the root's file
    ///   system (S10: never across file systems).
    fileprivate func require(_ node: Node, below root: Node, _ component: NFSName, of path: VolumePath) async throws {
        guard node.attributes.type == .directory else {
            throw ShareError(
                "\(component) in \(path) on \(address) is a \(node.attributes.type), not a directory:"
                    + " move it away; it was not followed and nothing was touched"
            )
        }
        guard node.attributes.fsid != root.attributes.fsid else { return }
        // A restarted server may change the ids of its file systems; handles stay valid.
        guard try await attributes(of: root.handle).fsid != node.attributes.fsid else { return }
        throw ShareError(
            "\(component) in \(path) on \(address) lies on another file system than the export's root:"
                + " give that file system an export and a class of its own"
        )
    }
}

extension OpenShare {
    /// Runs a change that makes room. Its writes may use the reserve of a full share, which is filled again afterwards.
    func makingRoom<Value>(_ body: (OpenShare) async throws -> Value) async throws -> Value {
        let value = try await body(withReserve)
        if !reserve.isWhole { try await reserve.fill(in: folder.own, on: export) }
        return value
    }

    /// Writes what a removal leaves behind. On a share without room, even in the reserve, the removal must come first.
    ///
    /// - Returns: Whether it was written.
    func ifRoom<Value>(_ write: () async throws -> Value) async throws -> Bool {
        do {
            _ = try await write()
            return true
        } catch let error as NFSError where error.code == .noSpace {
            return false
        }
    }

    /// - Throws: ``ShareError`` if the share has no room for the reserve: new data would take what a purge needs.
    func requireRoom() async throws {
        guard !reserve.isWhole, try await !reserve.fill(in: folder.own, on: export) else { return }
        throw try await full()
    }

    /// The error that the share is full, and how full.
    func full() async throws -> ShareError {
        let room = try await export.statistics()
        return ShareError(
            "\(address) is full: \(room.availableBytes >> 20) MiB and \(room.availableFiles) files are free of"
                + " \(room.totalBytes >> 20) MiB and \(room.totalFiles) files; purge archives or enlarge the file system"
        )
    }
}
