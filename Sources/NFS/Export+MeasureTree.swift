extension Export {
    /// Adds up what a directory and all that is below it take, from the attributes that come with the listings. Symbolic
    /// links are not followed, other file systems not gone into. What vanishes meanwhile is fine.
    ///
    /// - Parameters:
    ///   - directory: The top of the tree.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for.
    ///   - onProgress: Hears what was found so far, a few times a second.
    /// - Returns: What the tree takes.
    /// - Throws: ``NFSError``, with the path of the directory that could not be read.
    package func measureTree(
        _ directory: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (TreeUsage) -> Void = { _ in }
    ) async throws(NFSError) -> TreeUsage {
        let top = Node(handle: directory, attributes: try await attributes(of: directory))
        let usage = try await UsagePlan(top: top).run(
            atOnce: atOnce(callsAtOnce),
            onProgress: onProgress
        ) { work throws(NFSError) in
            try await self.treePage(of: work.handle, from: work.cursor)
        }
        // Handles that all went stale at once look like a tree that is gone.
        let fsid = try await attributes(of: directory).fsid
        guard usage.skipped == 0 || fsid == top.attributes.fsid else {
            // What was skipped as another file system may be the same one under another id.
            throw error(.changed, "measure", "", "the server changed the id of its file system; measure it again")
        }
        return usage
    }
}
