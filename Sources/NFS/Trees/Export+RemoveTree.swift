extension Export {
    /// Removes an entry and everything below it. Symbolic links are removed, never followed. Entries that are gone
    /// already are no error, so it can be called again after a failure.
    ///
    /// Each step names an entry by the handle of its directory: a concurrent rename or swap cannot lead it to anything
    /// that was never in the tree. A directory found in the tree is emptied even if it is moved afterwards.
    ///
    /// - Parameters:
    ///   - name: The entry.
    ///   - directory: The directory that holds it.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for. A small
    ///     number leaves room for other work on the export.
    ///   - onProgress: Receives the progress, a few times a second.
    /// - Returns: How much this call removed; `directory` then has no entry of that name.
    /// - Throws: ``NFSError/Code/crossesFileSystem`` at a directory on another file system than `directory`;
    ///   ``NFSError/Code/notEmpty`` if another client keeps filling the tree or creates it again.
    package func removeTree(
        _ name: NFSName,
        in directory: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (RemovedTree) -> Void = { _ in }
    ) async throws(NFSError) -> RemovedTree {
        let fsids = FileSystemIDs(try await attributes(of: directory).fsid)
        let removal = TreeRemoval(export: self, top: directory, fsids: fsids)
        let callsAtOnce = atOnce(callsAtOnce)
        let removed =
            switch try await removal.removeUnlessDirectory(name, in: directory) {
            case .directory(let top):
                try await RemovalPlan(top, in: directory, directoriesAtOnce: min(Self.directoriesAtOnce, callsAtOnce))
                    .run(atOnce: callsAtOnce, onProgress: onProgress) { work throws(NFSError) in
                        try await removal.perform(work.step)
                    }
            case .removed: RemovedTree(files: 1)
            case .gone: RemovedTree()
            }
        try await requireAbsence(of: name, in: directory)
        return removed
    }

    /// Limited because a page of each is held in memory.
    private static var directoriesAtOnce: Int { 16 }

    /// The number of calls that an operation may have in flight: as requested, or as many as the connections have room
    /// for.
    func atOnce(_ callsAtOnce: Int?) -> Int {
        max(1, callsAtOnce ?? options.connections * options.window)
    }

    /// If all handles go stale together, the tree looks as if it were gone: only its missing name is a proof.
    private func requireAbsence(of name: NFSName, in directory: FileHandle) async throws(NFSError) {
        do {
            _ = try await lookup(name, in: directory)
        } catch let error where error.code == .notFound {
            return
        }
        throw error(.notEmpty, "rmdir", "\(name)")
    }
}
