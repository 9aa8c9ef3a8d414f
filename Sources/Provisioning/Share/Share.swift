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
    let logger: Logger
    private let expectedIDs: @Sendable () -> Set<String>
    private let folder: SingleFlight<ControllerFolder>
    private let outage = ShareOutage()

    /// - Parameters:
    ///   - address: Which export, and how to talk to its server.
    ///   - writer: Who this process is; names its audit files, so that no two processes write to one.
    ///   - archiveNames: Those of the export, whatever options it is talked to with.
    ///   - folder: The controller's folder of the export, likewise.
    ///   - expectedIDs: The identities that volumes of the cluster remember of this export (rule R4).
    ///   - mayWrite: Asked before each change of the share (rule L1, fencing).
    ///   - logger: Parent of the share's logger.
    init(
        address: ShareAddress,
        writer: String,
        archiveNames: ArchiveNameReservations,
        folder: SingleFlight<ControllerFolder>,
        expectedIDs: @escaping @Sendable () -> Set<String>,
        mayWrite: @escaping @Sendable () -> Bool,
        logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "export"] = "\(address)"
        self.address = address
        self.archiveNames = archiveNames
        self.folder = folder
        self.logger = logger
        self.expectedIDs = expectedIDs
        export = Export(
            address: address.export.address,
            options: address.options,
            mayWrite: mayWrite,
            logger: logger
        )
        audit = AuditLog(export: export, writer: writer)
    }

    package func close() async {
        await export.close()
    }

    /// The controller's folder, opened once; opened anew after the share answered that a handle has gone stale.
    func withFolder<Value>(_ body: (ControllerFolder) async throws -> Value) async throws -> Value {
        try await outage.run {
            let opened = try await folder.value {
                try await ControllerFolder.open(on: export, address: address, expectedIDs: expectedIDs())
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

    func read<Record: ShareRecord>(_ type: Record.Type, _ name: String, in folder: ControllerFolder) async throws
        -> Record?
    {
        let file = try NFSName(name + ".json")
        guard let bytes = try await export.readFileIfPresent(file, in: folder.handle(of: Record.folder)) else {
            return nil
        }
        let path = "\(ControllerFolder.name)/\(Record.folder.rawValue)/\(file) on \(address)"
        let record = try RecordCoder.decode(type, from: bytes, file: path)
        guard record.version == 1 else {
            throw ShareError("the record \(path) has the version \(record.version), which this program is too old for")
        }
        return record
    }

    func write(_ record: some ShareRecord, in folder: ControllerFolder) async throws {
        try await export.writeFileAtomically(
            try NFSName(record.recordName + ".json"),
            in: folder.handle(of: type(of: record).folder),
            bytes: try RecordCoder.encode(record)
        )
    }

    /// Takes away the record of a volume that is no more.
    package func forget(volume: String) async throws {
        try await withFolder { folder in try await forget(volume: volume, in: folder) }
    }

    func forget(volume: String, in folder: ControllerFolder) async throws {
        do {
            try await export.remove(try NFSName(volume + ".json"), in: folder.volumes)
        } catch let error as NFSError where error.code == .notFound {
            return
        }
    }
}
