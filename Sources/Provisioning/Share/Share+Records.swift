import NFS

extension Share {
    /// Files read, or paths looked up, at the same time.
    static var readsUnderWay: Int { 128 }

    /// Every record of a kind; one that goes away meanwhile may or may not be among them.
    ///
    /// - Returns: In no order. What cannot be read is an entry too, and hides no other.
    func records<Record: ShareRecord>(
        of type: Record.Type,
        in folder: ControllerFolder
    ) async throws -> [RecordEntry<Record>] {
        let directory = folder.handle(of: Record.folder)
        return try await withThrowingTaskGroup(of: RecordEntry<Record>?.self) { group in
            var entries: [RecordEntry<Record>] = []
            var underWay = 0
            for try await file in export.entries(of: directory) {
                guard let name = Self.recordName(of: file) else { continue }
                if underWay == Self.readsUnderWay, let entry = try await group.next() {
                    underWay -= 1
                    if let entry { entries.append(entry) }
                }
                underWay += 1
                group.addTask {
                    try await self.entry(of: type, file, name, in: directory)
                }
            }
            for try await entry in group {
                if let entry { entries.append(entry) }
            }
            return entries
        }
    }

    /// The names of the records in a folder of them.
    func recordNames(in folder: FileHandle) async throws -> [String] {
        var names: [String] = []
        for try await file in export.entries(of: folder) {
            if let name = Self.recordName(of: file) { names.append(name) }
        }
        return names
    }

    private static func recordName(of file: DirectoryEntry) -> String? {
        guard let name = file.name.string, name.hasSuffix(".json"), !name.hasPrefix(Export.temporaryPrefix) else {
            return nil
        }
        return String(name.dropLast(".json".count))
    }

    /// - Returns: nil if the record is gone.
    private func entry<Record: ShareRecord>(
        of type: Record.Type,
        _ file: DirectoryEntry,
        _ name: String,
        in directory: FileHandle
    ) async throws(NFSError) -> RecordEntry<Record>? {
        do {
            return try await bytes(of: file, in: directory).map { entry(of: type, $0, name) }
        } catch let error where [.unsupported, .tooLarge, .permissionDenied].contains(error.code) {
            return .unreadable(name: name, reason: error.description)
        }
    }

    /// Through the handle that the listing gave where it did; a record that was put in the place of that one since is
    /// read by its name.
    private func bytes(of file: DirectoryEntry, in directory: FileHandle) async throws(NFSError) -> [UInt8]? {
        if let node = file.node {
            do {
                return try await export.readFile(node, named: file.name, limit: Export.longestRecord)
            } catch let error where error.code == .stale {}
        }
        return try await export.readFileIfPresent(file.name, in: directory)
    }
}
