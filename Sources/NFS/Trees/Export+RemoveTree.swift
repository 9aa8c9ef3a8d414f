extension Export {
    /// Removes an entry and all that is below it. A symbolic link is removed, never followed, and what is gone already
    /// is fine, so it can be called again after a failure.
    ///
    /// Each step names an entry by the handle of its directory: whoever renames or swaps things meanwhile cannot lead
    /// it to what was never in the tree. A directory that was found in it is emptied wherever it is moved then.
    ///
    /// - Parameters:
    ///   - name: The entry.
    ///   - directory: Where it is.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for. A small
    ///     number leaves room for other work on the export.
    ///   - onProgress: Hears what was removed so far, a few times a second.
    /// - Returns: How much this call removed; `directory` has no entry of that name then.
    /// - Throws: ``NFSError/Code/crossesFileSystem`` at a directory on another file system than `directory`;
    ///   ``NFSError/Code/notEmpty`` if someone goes on filling the tree or makes it again.
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

    /// A page of each is kept in memory.
    private static var directoriesAtOnce: Int { 16 }

    /// How many calls some work may have in flight, if it says so or not.
    func atOnce(_ callsAtOnce: Int?) -> Int {
        max(1, callsAtOnce ?? options.connections * options.window)
    }

    /// Handles that all went stale at once look like a tree that is gone: only its name tells.
    private func requireAbsence(of name: NFSName, in directory: FileHandle) async throws(NFSError) {
        do {
            _ = try await lookup(name, in: directory)
        } catch let error where error.code == .notFound {
            return
        }
        throw error(.notEmpty, "rmdir", "\(name)")
    }
}
