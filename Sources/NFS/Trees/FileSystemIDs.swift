import Synchronization

/// The fsids that the top of a tree has had. A server restarted with another one (nfs-ganesha's `Filesystem_Id`)
/// changes it for all files together, and their handles stay valid.
final class FileSystemIDs: Sendable {
    private let ids: Mutex<Set<UInt64>>

    init(_ id: UInt64) { ids = Mutex([id]) }

    /// Whether the top has had an fsid.
    ///
    /// - Parameters:
    ///   - id: The fsid of a file in the tree.
    ///   - ask: Fetches the top's attributes before the answer is no.
    /// - Returns: Whether the file is on the top's file system.
    /// - Throws: What `ask` throws.
    func contains(
        _ id: UInt64,
        askingTop ask: () async throws(NFSError) -> Attributes
    ) async throws(NFSError) -> Bool {
        if ids.withLock({ $0.contains(id) }) { return true }
        let now = try await ask().fsid
        return ids.withLock { ids in
            ids.insert(now)
            return ids.contains(id)
        }
    }
}
