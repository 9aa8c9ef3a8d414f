import NFS

extension OpenShare {
    /// Reads an archive's record and works on the archive, while no other operation of this process changes it.
    ///
    /// - Throws: ``ShareError`` if another operation works on it, or there is no such archive; what `body` throws.
    func withArchive<Value>(
        _ id: String,
        _ mode: ArchiveLocks.Mode = .exclusive,
        _ body: (ArchiveRecord) async throws -> Value
    ) async throws -> Value {
        guard archiveLocks.acquire(id, on: folder.exportID, mode) else {
            throw ShareError("archive \(id) on \(address): another operation works on it; will retry")
        }
        defer { archiveLocks.release(id, on: folder.exportID) }
        return try await body(try await archive(id))
    }

    /// The archive's directory in the export's root, proven to be the one that was archived.
    func directory(of archive: ArchiveRecord) async throws -> Node {
        if let node = try await directoryIfPresent(of: archive) { return node }
        throw ShareError("\(archive.to) is not on \(address): the archive \(archive.id) was moved or removed by hand")
    }

    /// Likewise.
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

    /// Why an archive cannot be had now.
    func unavailable(_ archive: ArchiveRecord) -> ShareError {
        ShareError("archive \(archive.id) on \(address): \(archive.hindrance)")
    }
}
