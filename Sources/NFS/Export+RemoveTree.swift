/// What ``Export/removeTree(_:in:)`` removed.
package struct RemovedTree: Hashable, Sendable {
    package var directories = 0
    /// Everything else: files, symbolic links, devices, sockets, FIFOs.
    package var files = 0
}

extension Export {
    /// Removes an entry and all that is below it. A symbolic link is removed, never followed, and what is gone already
    /// is fine, so it can be called again after a failure.
    ///
    /// Each step names an entry by the handle of its directory: whoever renames or swaps things meanwhile cannot lead
    /// it out of the tree.
    ///
    /// - Returns: How much this call removed.
    /// - Throws: ``NFSError/Code/crossesFileSystem`` at a directory on another file system than `directory`;
    ///   ``NFSError/Code/notEmpty`` if someone goes on filling the tree.
    package func removeTree(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> RemovedTree {
        let removal = TreeRemoval(export: self, fsid: try await attributes(of: directory).fsid)
        return switch try await removal.removeUnlessDirectory(name, in: directory) {
        case .gone: RemovedTree()
        case .removed: RemovedTree(files: 1)
        case .directory(let top): try await removal.run(RemovalPlan(top, in: directory))
        }
    }
}
