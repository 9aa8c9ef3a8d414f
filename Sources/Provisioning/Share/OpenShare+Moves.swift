import NFS

extension OpenShare {
    /// Proves that what was renamed is the directory that was meant: between the look and the rename another may have got
    /// the name. That one is put back.
    ///
    /// - Throws: ``ShareError`` if it is another; it is back in its place then, or said to be where it is.
    func requireMoved(
        _ directory: DirectoryIdentity,
        to new: (directory: FileHandle, name: NFSName),
        from old: (directory: FileHandle, name: NFSName),
        _ path: String
    ) async throws {
        let moved = try await export.lookupIfPresent(new.name, in: new.directory)
        if isThat(directory, moved) { return }
        guard moved != nil else {
            throw ShareError("directory \(path) on \(address) went away while it was moved; will retry")
        }
        guard try await export.lookupIfPresent(old.name, in: old.directory) == nil else {
            throw ShareError(
                "\(path) on \(address) was another directory when it was moved, and its place is taken; it lies as"
                    + " \(new.name) now; nothing was removed; put both right by hand"
            )
        }
        try await export.rename(new.name, in: new.directory, to: old.name, in: old.directory)
        throw ShareError(
            "\(path) on \(address) was another directory when it was moved; nothing was removed; will retry"
        )
    }

    /// Moves a directory to where it is an archive: to the name that its record has, or to another where that is taken. The
    /// record says so first.
    ///
    /// - Returns: The record as it is now. Where nothing was at `place`, nothing was moved.
    func putBack(
        _ archive: ArchiveRecord,
        from place: (directory: FileHandle, name: NFSName)
    ) async throws -> ArchiveRecord {
        let (root, basename) = (folder.root.handle, String(archive.from.split(separator: "/").last ?? ""))
        let name = try await ArchiveNames(share: self)
            .take(archive.to, else: basename, String(archive.id.suffix(8)), id: archive.id)
        defer { archiveNames.giveBack(name) }
        var renamed = archive
        renamed.to = name
        if name != archive.to { try await records.write(renamed) }
        if try await export.renameIfPresent(place.name, in: place.directory, to: try NFSName(name), in: root) {
            return renamed
        }
        // Another process was faster, and knew nothing of the new name.
        guard name != archive.to,
            isThat(archive.directory, try await export.lookupIfPresent(try NFSName(archive.to), in: root))
        else { return renamed }
        try await records.write(archive)
        return archive
    }

    /// Whether a record is of a release that was begun and has not moved its directory: another may have it since.
    func isReleaseUndone(_ archive: ArchiveRecord) async throws -> Bool {
        guard archive.state == .intent else { return false }
        let node = try await export.lookupIfPresent(try NFSName(archive.to), in: folder.root.handle)
        return !isThat(archive.directory, node)
    }

    /// The name by which a directory is an archive: two controllers at work without an election may have given it another
    /// than the record says.
    func archiveName(of archive: ArchiveRecord) async throws -> String? {
        for try await entry in export.entries(of: folder.root.handle) {
            guard let name = entry.name.string, ArchiveName.isArchive(name), name != archive.from,
                isThat(archive.directory, try await export.lookupIfPresent(entry.name, in: folder.root.handle))
            else { continue }
            return name
        }
        return nil
    }

    /// Says of an archive, which the caller works on alone, that its directory is gone.
    func noteLost(_ archive: ArchiveRecord, _ reason: String) async throws {
        var lost = archive
        try lost.advance(.foundLost)
        try await audit.append(AuditEntry(.missing, lost, path: lost.to, reason: reason))
        try await records.write(lost)
        index.note(lost)
    }

    /// Proves that no other record on the share names an archive's directory. Of two that do, at least one is wrong, and
    /// nothing tells which: nothing is touched.
    func requireSole(_ archive: ArchiveRecord) async throws {
        let others = try await index.archives(records).filter {
            $0.isOnShare && $0.id != archive.id && $0.directory.isSame(as: archive.directory)
        }
        for other in others {
            guard let record = try await archiveIfPresent(other.id), record.isOnShare,
                record.directory.isSame(as: archive.directory), try await !isReleaseUndone(record)
            else { continue }
            throw ShareError(
                "archives \(archive.id) and \(record.id) on \(address) both name the directory with file id"
                    + " \(archive.directory.fileID) (\(archive.to), \(record.to)), and only one can be right; nothing was"
                    + " touched; move the wrong one's record out of \(ControllerFolder.name)/archives"
            )
        }
    }
}
