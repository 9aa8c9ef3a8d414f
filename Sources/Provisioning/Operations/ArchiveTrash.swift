import NFS

/// Moves archives into the controller's trash, and back. The process that moves the directory owns the archive: a hold,
/// a restore or a purge in another process finds it gone.
struct ArchiveTrash {
    /// The suffix of a name in the trash once the archive's removal has begun; such an archive is never put back.
    private static let removal = "~removing"

    let share: OpenShare

    /// Moves an archive's directory into the trash.
    ///
    /// - Returns: Whether this call moved it: what lay there already belongs to another purge, which may go on with it.
    func take(_ record: ArchiveRecord) async throws -> Bool {
        if try await share.isInTrash(record) { return false }
        if record.state == .purging, try await share.directoryIfPresent(of: record) == nil { return false }
        _ = try await share.directory(of: record)
        let (name, trashName) = (try NFSName(record.to), try NFSName(record.id))
        let (root, trash) = (share.folder.root.handle, share.folder.trash)
        try await share.export.rename(name, in: root, to: trashName, in: trash)
        try await share.requireMoved(record.directory, to: (trash, trashName), from: (root, name), record.to)
        return true
    }

    /// Undoes ``take(_:)``, before anything was removed. An archive that is not in the trash stays where it is.
    func putBack(_ record: ArchiveRecord) async throws {
        guard try await share.isInTrash(record) else { return }
        _ = try await share.putBack(record, from: (share.folder.trash, try NFSName(record.id)))
    }

    /// Removes an archive from the trash. Its name there says that the removal has begun.
    ///
    /// - Returns: Whether there was anything to remove.
    func remove(
        _ record: ArchiveRecord,
        onProgress: @escaping @Sendable (RemovedTree) -> Void
    ) async throws -> Bool {
        let removal = try NFSName(record.id + Self.removal)
        if try await share.isInTrash(record) {
            // A resumed removal may find remains of its own beside a directory that was moved here since.
            _ = try await removeTree(removal, onProgress)
            let trash = share.folder.trash
            _ = try await share.export.renameIfPresent(try NFSName(record.id), in: trash, to: removal, in: trash)
        }
        return try await removeTree(removal, onProgress)
    }

    private func removeTree(
        _ name: NFSName,
        _ onProgress: @escaping @Sendable (RemovedTree) -> Void
    ) async throws -> Bool {
        try await share.export.removeTreeIfPresent(
            name,
            in: share.folder.trash,
            callsAtOnce: Export.callsOfLongWork,
            onProgress: onProgress
        )
    }

    /// Whether the removal of an archive has begun, whatever its record says: a full share has no room for a record.
    func isBeingRemoved(_ record: ArchiveRecord) async throws -> Bool {
        guard record.state == .archived || record.state == .purging, let name = try? NFSName(record.id + Self.removal)
        else { return false }
        return try await share.export.lookupIfPresent(name, in: share.folder.trash) != nil
    }
}

extension OpenShare {
    func isInTrash(_ record: ArchiveRecord) async throws -> Bool {
        isThat(record.directory, try await export.lookupIfPresent(try NFSName(record.id), in: folder.trash))
    }
}
