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
    var hookSlots: Slots<String> { context.hookSlots }
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

    /// Whether a node is the directory that was recorded; no node, and nothing recorded, is none.
    func isThat(_ directory: DirectoryIdentity?, _ node: Node?) -> Bool {
        guard let directory, let node else { return false }
        return identity(of: node).isSame(as: directory)
    }

    func identity(of node: Node) -> DirectoryIdentity { DirectoryIdentity(node, witness: folder.own) }

    /// Proves that the share which answers now is the one that was opened (S7: no other share is used).
    func confirmIdentity() async throws {
        let root = try await export.remount()
        let marker = try await ControllerFolder.marker(in: root, on: export)
        guard marker?.id == folder.exportID, root.handle == folder.root.handle else {
            state.folder.reset()
            throw ShareError("the export \(address) is not the share it was: its identity is gone or another's")
        }
    }
}
