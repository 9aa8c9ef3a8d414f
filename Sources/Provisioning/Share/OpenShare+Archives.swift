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
}
