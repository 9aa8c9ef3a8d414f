import NFS

extension OpenShare {
    /// Checks that the renamed directory is the one that was meant: another may have got the name between the lookup
    /// and the rename. That one is put back.
    ///
    /// - Throws: ``ShareError`` if it is another; it is then back in its place, or the error says where it is.
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
                "\(path) on \(address) was another directory when it was moved, and its place is taken; it is now at"
                    + " \(new.name); nothing was removed; move both to their places by hand"
            )
        }
        try await export.rename(new.name, in: new.directory, to: old.name, in: old.directory)
        throw ShareError(
            "\(path) on \(address) was another directory when it was moved; nothing was removed; will retry"
        )
    }

    /// Moves a directory back to the archives, under the name in its record, or under another if that is taken. The
    /// record gets the new name first.
    ///
    /// - Returns: The record as it is now. If nothing was at `place`, nothing was moved.
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

    /// Whether a record is of a release that began but did not move its directory: another volume may have it since.
    func isReleaseUndone(_ archive: ArchiveRecord) async throws -> Bool {
        guard archive.state == .intent else { return false }
        let node = try await export.lookupIfPresent(try NFSName(archive.to), in: folder.root.handle)
        return !isThat(archive.directory, node)
    }

    /// Finds the name that a directory has as an archive: two controllers that run without an election may have given
    /// it another than the record says.
    func archiveName(of archive: ArchiveRecord) async throws -> String? {
        for try await entry in export.entries(of: folder.root.handle) {
            guard let name = entry.name.string, ArchiveName.isArchive(name), name != archive.from,
                isThat(archive.directory, try await export.lookupIfPresent(entry.name, in: folder.root.handle))
            else { continue }
            return name
        }
        return nil
    }

    /// Records that an archive's directory is gone. The caller must hold the archive's lock.
    func noteLost(_ archive: ArchiveRecord, _ reason: String) async throws {
        var lost = archive
        try lost.advance(.foundLost)
        try await audit.append(AuditEntry(.missing, lost, path: lost.to, reason: reason))
        try await records.write(lost)
        index.note(lost)
    }

    /// Checks that no other record on the share names an archive's directory. Of two that do, at least one is wrong,
    /// and nothing tells which, so nothing is touched.
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
