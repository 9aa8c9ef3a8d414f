/// Performs the steps of a ``RemovalPlan``.
///
/// It treats stale entries as gone, which is harmless here: an entry that still exists keeps its directory from being
/// removed, so the directory is listed again. ``Export/removeTree(_:in:callsAtOnce:onProgress:)`` checks the top's name
/// in the end.
struct TreeRemoval: Sendable {
    let export: Export
    /// The directory that holds the tree; the removal must not leave its file system.
    let top: FileHandle
    let fsids: FileSystemIDs

    func perform(_ step: RemovalPlan.Step) async throws(NFSError) -> RemovalPlan.Outcome {
        switch step {
        case .list(let directory): try await list(directory)
        case .remove(let entry, let directory): .entry(try await remove(entry, in: directory))
        case .removeDirectory(let name, let parent): try await removeDirectory(name, in: parent)
        case .giveUp: throw export.error(.notEmpty, "rmdir", "")
        }
    }

    private func list(_ directory: FileHandle) async throws(NFSError) -> RemovalPlan.Outcome {
        do {
            let page = try await export.readDirectory(directory)
            return .listed(page.entries, isLastPage: page.next == nil)
        } catch let error where error.isGone {
            return .directoryGone
        }
    }

    private func removeDirectory(_ name: NFSName, in parent: FileHandle) async throws(NFSError) -> RemovalPlan.Outcome {
        do {
            try await export.removeDirectory(name, in: parent)
            return .directoryRemoved
        } catch let error where error.code == .notEmpty || error.code == .alreadyExists {
            return .notEmpty
        } catch let error where error.isGone || error.code == .notDirectory {
            return .directoryGone
        }
    }

    private func remove(
        _ entry: DirectoryEntry,
        in directory: FileHandle
    ) async throws(NFSError) -> RemovalPlan.EntryOutcome {
        guard let attributes = entry.attributes, attributes.type != .unknown else {
            return try await removeUnlessDirectory(entry.name, in: directory)
        }
        if attributes.type == .directory {
            guard let handle = entry.handle else { return try await removeUnlessDirectory(entry.name, in: directory) }
            return try await found(entry.name, Node(handle: handle, attributes: attributes))
        }
        do {
            try await export.remove(entry.name, in: directory)
            return .removed
        } catch let error where error.isGone {
            return .gone
        } catch let error where error.code == .isDirectory || error.code == .permissionDenied {
            // The entry was swapped for a directory since it was listed; POSIX allows EPERM for that.
            let node = try await lookup(entry.name, in: directory)
            guard let node else { return .gone }
            guard node.attributes.type == .directory else { throw error }
            return try await found(entry.name, node)
        }
    }

    /// Removes an entry known only by name, unless it is a directory.
    func removeUnlessDirectory(
        _ name: NFSName,
        in directory: FileHandle
    ) async throws(NFSError) -> RemovalPlan.EntryOutcome {
        guard let node = try await lookup(name, in: directory) else { return .gone }
        if node.attributes.type == .directory { return try await found(name, node) }
        do {
            try await export.remove(name, in: directory)
            return .removed
        } catch let error where error.isGone {
            return .gone
        }
    }

    /// - Returns: `nil` if the entry is gone. A stale handle only says that its directory may be gone: that directory
    ///   is retried by its name, and so on up to the top, whose name is checked in the end.
    private func lookup(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> Node? {
        do {
            return try await export.lookup(name, in: directory)
        } catch let error where error.isGone {
            return nil
        }
    }

    private func found(_ name: NFSName, _ node: Node) async throws(NFSError) -> RemovalPlan.EntryOutcome {
        let isSame = try await fsids.contains(node.attributes.fsid) { () throws(NFSError) in
            try await export.attributes(of: top)
        }
        guard isSame else {
            let reason = "it is on another file system; nothing in it was touched"
            throw export.error(.crossesFileSystem, "remove", "\(name)", reason)
        }
        return .directory(FoundDirectory(name: name, handle: node.handle))
    }
}
