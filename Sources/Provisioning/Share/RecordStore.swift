import Kubernetes
import NFS

/// The records on a share: JSON files in the controller's folder, replaced as a whole, in which fields of later
/// versions and of admins are kept.
struct RecordStore: Sendable {
    /// Files read at the same time.
    static let readsUnderWay = 128

    let export: Export
    let folder: ControllerFolder
    let address: ShareAddress
    /// The reserve that writes may use on a full share; nil if they may use none.
    var reserve: RoomReserve?

    // MARK: One record

    /// - Returns: nil if there is no record of that name.
    /// - Throws: ``ShareError`` naming a record that cannot be read, or that a later version wrote.
    func read<Record: ShareRecord>(_ type: Record.Type, _ name: String) async throws -> Record? {
        try await readWithTime(type, name)?.record
    }

    /// Reads a record, and when its file was last written by the server's clock.
    ///
    /// - Returns: nil if there is no record of that name.
    /// - Throws: As ``read(_:_:)``.
    func readWithTime<Record: ShareRecord>(
        _ type: Record.Type,
        _ name: String
    ) async throws -> (record: Record, writtenAt: Timestamp)? {
        let file = try Self.fileName(ofRecord: name)
        guard let directory = try await directory(of: Record.folder),
            let found = try await contents(of: file, in: directory)
        else { return nil }
        switch entry(of: type, found.bytes, name) {
        case .record(let record): return (record, found.writtenAt)
        case .misnamed(_, _, let reason), .unreadable(_, let reason): throw ShareError(reason)
        }
    }

    /// Writes a record, and replaces an earlier state of itself, of which it keeps the fields that this program does
    /// not know.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - isOurs: Whether the caller knows that there is no earlier state, or only one that this program alone has
    ///     written: then it is not read.
    /// - Returns: The file it is in.
    /// - Throws: ``ShareError`` if the earlier state cannot be read; `NFSError`.
    @discardableResult
    func write<Record: ShareRecord>(_ record: Record, isOurs: Bool = false) async throws -> RecordFile {
        let record = record.stored
        let file = try Self.fileName(ofRecord: record.recordName)
        let directory = try await makeDirectory(of: Record.folder)
        let bytes =
            if !isOurs, let earlier = try await export.readFileIfPresent(file, in: directory) {
                try RecordCoder.encode(record, over: earlier, file: path(of: Record.folder, record.recordName))
            } else {
                try RecordCoder.encode(record)
            }
        let written = try await write(bytes, to: file, in: directory)
        return RecordFile(
            handle: written.handle,
            size: UInt64(bytes.count),
            writtenAt: Timestamp(seconds: Int64(written.attributes.mtime.seconds))
        )
    }

    /// Writes a record unless there is one of its name.
    ///
    /// - Returns: false if there is one.
    /// - Throws: `NFSError`.
    func create<Record: ShareRecord>(_ record: Record) async throws -> Bool {
        let record = record.stored
        let directory = try await makeDirectory(of: Record.folder)
        let file = try Self.fileName(ofRecord: record.recordName)
        return try await export.writeNewFile(file, in: directory, bytes: RecordCoder.encode(record))
    }

    private func write(_ bytes: [UInt8], to file: NFSName, in directory: FileHandle) async throws -> Node {
        guard let reserve else { return try await export.writeFileAtomically(file, in: directory, bytes: bytes) }
        return try await reserve.makingRoom(in: folder.own, on: export) {
            try await export.writeFileAtomically(file, in: directory, bytes: bytes)
        }
    }

    /// Whether a record is unchanged: its name still leads to the file that it was written to.
    func isUnchanged<Record: ShareRecord>(_ record: Record, since file: RecordFile) async throws -> Bool {
        let name = try Self.fileName(ofRecord: record.recordName)
        guard let directory = try await directory(of: Record.folder) else { return false }
        let node = try await export.lookupIfPresent(name, in: directory)
        return node?.handle == file.handle && node?.attributes.size == file.size
    }

    /// When a record's file was written, by the server's clock; nil if it is gone.
    func writtenAt<Record: ShareRecord>(_ record: Record) async throws -> Timestamp? {
        let name = try Self.fileName(ofRecord: record.recordName)
        guard let directory = try await directory(of: Record.folder) else { return nil }
        let node = try await export.lookupIfPresent(name, in: directory)
        return node.map { Timestamp(seconds: Int64($0.attributes.mtime.seconds)) }
    }

    /// Removes a record; one that is gone already is fine.
    func remove<Record: ShareRecord>(_ type: Record.Type, _ name: String) async throws {
        guard let directory = try await directory(of: Record.folder) else { return }
        do {
            try await export.remove(try Self.fileName(ofRecord: name), in: directory)
        } catch let error as NFSError where error.code == .notFound {
            return
        }
    }

    /// The folder of a kind of records; nil if there is none yet.
    private func directory(of kind: RecordFolder) async throws -> FileHandle? {
        if let known = folder.handle(of: kind) { return known }
        return try await export.lookupIfPresent(kind.fileName, in: folder.own)?.handle
    }

    private func makeDirectory(of kind: RecordFolder) async throws -> FileHandle {
        if let known = folder.handle(of: kind) { return known }
        return try await export.ensureDirectory(kind.fileName, in: folder.own, mode: 0o700).handle
    }

    static func fileName(ofRecord name: String) throws(InvalidName) -> NFSName { try NFSName(name + ".json") }

    private func path(of folder: RecordFolder, _ name: String) -> String {
        "\(ControllerFolder.name)/\(folder.rawValue)/\(name).json on \(address)"
    }

    /// Decodes a record's file, whatever it contains.
    private func entry<Record: ShareRecord>(of type: Record.Type, _ bytes: [UInt8], _ name: String) -> RecordEntry<
        Record
    > {
        let path = path(of: Record.folder, name)
        do {
            let record = try RecordCoder.decode(type, from: bytes, file: path)
            guard record.version == 1 else {
                let reason = "the record \(path) has version \(record.version), which this program is too old to read"
                return .unreadable(name: name, reason: reason)
            }
            guard record.recordName == name else {
                let reason = "the record \(path) belongs to \(record.recordName): rename it to match, or move it away"
                return .misnamed(record, name: name, reason: reason)
            }
            return .record(record)
        } catch {
            return .unreadable(name: name, reason: error.description)
        }
    }

    // MARK: All records

    /// Every record of a kind; one that goes away meanwhile may or may not be among them.
    ///
    /// - Returns: In no order. An unreadable record is an entry too, and hides no other.
    func all<Record: ShareRecord>(of type: Record.Type) async throws -> [RecordEntry<Record>] {
        try await read(try await files(of: type), of: type).map(\.listed.entry)
    }

    /// The files of all records of a kind, by the records' names; a listing may give one twice.
    func files<Record: ShareRecord>(of type: Record.Type) async throws -> [(name: String, file: DirectoryEntry)] {
        var files: [(name: String, file: DirectoryEntry)] = []
        guard let directory = try await directory(of: Record.folder) else { return [] }
        for try await file in export.entries(of: directory) {
            if let name = Self.recordName(of: file) { files.append((name, file)) }
        }
        return files
    }

    /// The names of all records of a kind.
    func names<Record: ShareRecord>(of type: Record.Type) async throws -> [String] {
        try await files(of: type).map(\.name)
    }

    /// Reads many records' files concurrently.
    ///
    /// - Returns: In no order, without those that are gone.
    func read<Record: ShareRecord>(
        _ files: [(name: String, file: DirectoryEntry)],
        of type: Record.Type
    ) async throws -> [(name: String, file: DirectoryEntry, listed: ListedRecord<Record>)] {
        guard let directory = try await directory(of: Record.folder) else { return [] }
        typealias Read = (name: String, file: DirectoryEntry, listed: ListedRecord<Record>)
        return try await withThrowingTaskGroup(of: Read?.self) { group in
            var entries: [Read] = []
            for (count, (name, file)) in files.enumerated() {
                if count >= Self.readsUnderWay, let read = try await group.next(), let read { entries.append(read) }
                group.addTask {
                    try await self.listed(type, file, name, in: directory).map { (name, file, $0) }
                }
            }
            for try await case let read? in group { entries.append(read) }
            return entries
        }
    }

    private static func recordName(of file: DirectoryEntry) -> String? {
        guard let name = file.name.string, name.hasSuffix(".json"), !name.hasPrefix(Export.temporaryPrefix) else {
            return nil
        }
        return String(name.dropLast(".json".count))
    }

    /// - Returns: nil if the record is gone.
    private func listed<Record: ShareRecord>(
        _ type: Record.Type,
        _ file: DirectoryEntry,
        _ name: String,
        in directory: FileHandle
    ) async throws(NFSError) -> ListedRecord<Record>? {
        do {
            return try await contents(of: file, in: directory).map { found in
                ListedRecord(entry: entry(of: type, found.bytes, name), writtenAt: found.writtenAt)
            }
        } catch let error where [.unsupported, .tooLarge, .permissionDenied].contains(error.code) {
            return ListedRecord(entry: .unreadable(name: name, reason: error.description), writtenAt: nil)
        }
    }

    /// Reads a file through the handle from the listing, if there is one. If another file has replaced that one since,
    /// reads it by its name.
    private func contents(
        of file: DirectoryEntry,
        in directory: FileHandle
    ) async throws(NFSError) -> (bytes: [UInt8], writtenAt: Timestamp)? {
        if let node = file.node {
            do {
                return try await contents(of: node, file.name)
            } catch let error where error.code == .stale {}
        }
        return try await contents(of: file.name, in: directory)
    }

    /// - Returns: nil if there is no file of that name.
    private func contents(
        of name: NFSName,
        in directory: FileHandle
    ) async throws(NFSError) -> (bytes: [UInt8], writtenAt: Timestamp)? {
        do {
            return try await contents(of: try await export.lookup(name, in: directory), name)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    private func contents(
        of node: Node,
        _ name: NFSName
    ) async throws(NFSError) -> (bytes: [UInt8], writtenAt: Timestamp) {
        let bytes = try await export.readFile(node, named: name, limit: Export.longestRecord)
        return (bytes, Timestamp(seconds: Int64(node.attributes.mtime.seconds)))
    }
}
