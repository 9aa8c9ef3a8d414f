import Kubernetes
import Logging
import NFS

/// One export with the controller's folder on it: where volumes' directories are made, archived and removed, and
/// where that is recorded.
///
/// Every step can be taken again after a crash anywhere. Nothing is changed while the lease is not held: the export's
/// gate (`mayWrite`) refuses it at the last moment.
package final class Share: Sendable {
    package let address: ShareAddress
    let export: Export
    let audit: AuditLog
    let archiveNames: ArchiveNameReservations
    let hooks: any VolumeHooks
    let hookSlots: Slots<String>
    let onCatalogue: @Sendable ([CatalogueEntry]) -> Void
    private let archivesInHand: ArchivesInHand
    /// The cluster that this process works for; nil while it is not known.
    package let cluster: @Sendable () -> String?
    private let expectedIdentity: @Sendable () -> ExpectedIdentity
    private let folder: SingleFlight<ControllerFolder>
    private let outage = ShareOutage()

    /// - Parameters:
    ///   - address: Which export, and how to talk to its server.
    ///   - writer: Who this process is; names its audit files, so that no two processes write to one.
    ///   - archiveNames: Those of the export, whatever options it is talked to with.
    ///   - archivesInHand: Those of the process.
    ///   - folder: The controller's folder of the export, likewise.
    ///   - cluster: The cluster that this process works for.
    ///   - expectedIdentity: What the share must be (rule R4).
    ///   - hooks: What the admin has run at the moments of a volume's life.
    ///   - hookSlots: How many volumes' hooks run at a time.
    ///   - onCatalogue: Told of every catalogue that was read to its end.
    ///   - mayWrite: Asked before each change of the share (rule L1, fencing).
    ///   - logger: Parent of the share's logger.
    init(
        address: ShareAddress,
        writer: String,
        archiveNames: ArchiveNameReservations,
        archivesInHand: ArchivesInHand,
        folder: SingleFlight<ControllerFolder>,
        cluster: @escaping @Sendable () -> String?,
        expectedIdentity: @escaping @Sendable () -> ExpectedIdentity,
        hooks: any VolumeHooks,
        hookSlots: Slots<String>,
        onCatalogue: @escaping @Sendable ([CatalogueEntry]) -> Void,
        mayWrite: @escaping @Sendable () -> Bool,
        logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "export"] = "\(address)"
        self.address = address
        self.archiveNames = archiveNames
        self.archivesInHand = archivesInHand
        self.folder = folder
        self.hooks = hooks
        self.hookSlots = hookSlots
        self.onCatalogue = onCatalogue
        self.cluster = cluster
        self.expectedIdentity = expectedIdentity
        export = Export(
            address: address.export.address,
            options: address.options,
            mayWrite: mayWrite,
            logger: logger
        )
        audit = AuditLog(export: export, writer: writer, cluster: cluster)
    }

    package func close() async {
        await export.close()
    }

    /// ``withFolder(_:)`` for what makes call after call and computes next to nothing.
    func withFolderForCalls<Value>(_ body: (ControllerFolder) async throws -> Value) async throws -> Value {
        try await NFSEventLoop.withManyCalls { try await withFolder(body) }
    }

    /// The controller's folder, opened once; opened anew after the share answered that a handle has gone stale.
    func withFolder<Value>(_ body: (ControllerFolder) async throws -> Value) async throws -> Value {
        try await outage.run {
            let opened = try await folder.value {
                try await ControllerFolder.open(on: export, address: address, expecting: expectedIdentity())
            }
            do {
                return try await body(opened)
            } catch let error as NFSError where error.code == .stale {
                folder.reset()
                throw error
            }
        }
    }

    /// Proves that the share which answers now is the one that was opened (rule R4).
    func confirmIdentity(of folder: ControllerFolder) async throws {
        let root = try await export.remount()
        let marker = try await ControllerFolder.marker(in: root, on: export)
        guard marker?.id == folder.exportID, root.handle == folder.root.handle else {
            self.folder.reset()
            throw ShareError("the export \(address) is not the share it was: its identity is gone or another's")
        }
    }

    // MARK: Records

    /// Reads an archive's record and changes its state, while nobody else in this process does.
    ///
    /// - Throws: ``ShareError`` if somebody else is at it, or there is no such archive; what `body` throws.
    func withArchive<Value>(
        _ id: String,
        in folder: ControllerFolder,
        _ body: (ArchiveRecord) async throws -> Value
    ) async throws -> Value {
        guard archivesInHand.take(id, on: folder.exportID) else {
            throw ShareError("the archive \(id) on \(address) is just being moved for somebody else: it is tried again")
        }
        defer { archivesInHand.giveBack(id, on: folder.exportID) }
        return try await body(try await archive(id, in: folder))
    }

    /// - Returns: nil if there is no record of that name.
    /// - Throws: ``ShareError`` naming a record that cannot be read, or that is a later version's.
    func read<Record: ShareRecord>(
        _ type: Record.Type,
        _ name: String,
        in folder: ControllerFolder
    ) async throws -> Record? {
        let file = try Self.fileName(ofRecord: name)
        guard let bytes = try await export.readFileIfPresent(file, in: folder.handle(of: Record.folder)) else {
            return nil
        }
        return try decode(type, bytes, name)
    }

    func decode<Record: ShareRecord>(_ type: Record.Type, _ bytes: [UInt8], _ name: String) throws(ShareError) -> Record
    {
        switch entry(of: type, bytes, name) {
        case .record(let record): return record
        case .misnamed(_, _, let reason), .unreadable(_, let reason): throw ShareError(reason)
        }
    }

    /// What a record's file holds, whatever it is.
    func entry<Record: ShareRecord>(of type: Record.Type, _ bytes: [UInt8], _ name: String) -> RecordEntry<Record> {
        let path = path(of: Record.folder, name)
        do {
            let record = try RecordCoder.decode(type, from: bytes, file: path)
            guard record.version == 1 else {
                let reason = "the record \(path) has the version \(record.version), which this program is too old for"
                return .unreadable(name: name, reason: reason)
            }
            guard record.recordName == name else {
                let reason = "the record \(path) is that of \(record.recordName): name it so, or move it away"
                return .misnamed(record, name: name, reason: reason)
            }
            return .record(record)
        } catch {
            return .unreadable(name: name, reason: error.description)
        }
    }

    /// Writes a record, in the place of an earlier state of itself if there is one, of which it keeps what this program
    /// does not know.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - isOurs: Whether the caller knows that there is none, or one with nothing but what this program wrote: then it is
    ///     not looked for.
    ///   - folder: The controller's folder.
    /// - Returns: The file it is in.
    /// - Throws: ``ShareError`` if the earlier state cannot be read; `NFSError`.
    @discardableResult
    func write<Record: ShareRecord>(
        _ record: Record,
        isOurs: Bool = false,
        in folder: ControllerFolder
    ) async throws -> RecordFile {
        let file = try Self.fileName(ofRecord: record.recordName)
        let directory = folder.handle(of: Record.folder)
        let bytes =
            if !isOurs, let earlier = try await export.readFileIfPresent(file, in: directory) {
                try RecordCoder.encode(record, over: earlier, file: path(of: Record.folder, record.recordName))
            } else {
                try RecordCoder.encode(record)
            }
        let handle = try await export.writeFileAtomically(file, in: directory, bytes: bytes)
        return RecordFile(handle: handle, size: UInt64(bytes.count))
    }

    /// Whether a record is still as it was written, because its name leads to the file it was written to.
    func isUnchanged<Record: ShareRecord>(
        _ record: Record,
        since file: RecordFile,
        in folder: ControllerFolder
    ) async throws -> Bool {
        let name = try Self.fileName(ofRecord: record.recordName)
        let node = try await export.lookupIfPresent(name, in: folder.handle(of: Record.folder))
        return node?.handle == file.handle && node?.attributes.size == file.size
    }

    static func fileName(ofRecord name: String) throws(InvalidName) -> NFSName { try NFSName(name + ".json") }

    func path(of folder: RecordFolder, _ name: String) -> String {
        "\(ControllerFolder.name)/\(folder.rawValue)/\(name).json on \(address)"
    }

    /// Takes away the record of a volume that is no more.
    package func forget(volume: String) async throws {
        try await withFolder { folder in try await forget(volume: volume, in: folder) }
    }

    func forget(volume: String, in folder: ControllerFolder) async throws {
        do {
            try await export.remove(try Self.fileName(ofRecord: volume), in: folder.volumes)
        } catch let error as NFSError where error.code == .notFound {
            return
        }
    }
}
