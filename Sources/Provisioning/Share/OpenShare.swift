import Kubernetes
import NFS

/// A share whose folder is open: what every operation works on.
struct OpenShare: Sendable {
    let address: ShareAddress
    let export: Export
    let folder: ControllerFolder
    let records: RecordStore
    let audit: AuditTrail
    let archiveNames: ArchiveNameReservations
    private let context: ShareContext
    /// Has the next operation open the folder anew.
    private let forgetFolder: @Sendable () -> Void

    init(
        address: ShareAddress,
        export: Export,
        folder: ControllerFolder,
        records: RecordStore,
        audit: AuditTrail,
        archiveNames: ArchiveNameReservations,
        context: ShareContext,
        forgetFolder: @escaping @Sendable () -> Void
    ) {
        self.address = address
        self.export = export
        self.folder = folder
        self.records = records
        self.audit = audit
        self.archiveNames = archiveNames
        self.context = context
        self.forgetFolder = forgetFolder
    }

    /// The cluster that this process works for; nil while it is not known.
    var cluster: String? { context.cluster() }
    var hooks: any VolumeHooks { context.hooks }
    var hookSlots: Slots<String> { context.hookSlots }
    var archiveLocks: ArchiveLocks { context.archiveLocks }

    /// Reports a catalogue that was read to its end.
    func report(_ catalogue: [CatalogueEntry]) {
        context.onCatalogue(address.export, catalogue)
    }

    /// Proves that the share which answers now is the one that was opened (R4: never conclude from another share).
    func confirmIdentity() async throws {
        let root = try await export.remount()
        let marker = try await ControllerFolder.marker(in: root, on: export)
        guard marker?.id == folder.exportID, root.handle == folder.root.handle else {
            forgetFolder()
            throw ShareError("the export \(address) is not the share it was: its identity is gone or another's")
        }
    }
}
