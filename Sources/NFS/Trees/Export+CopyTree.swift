extension Export {
    /// Copies the contents of a directory into another of the same export, with types, bytes, modes, owners,
    /// modification times, symbolic links, devices, and hard links among what is copied. The destination itself gets
    /// the attributes of the source. Entries that only the destination has are removed.
    ///
    /// A call after a crash, an error or a cancellation resumes the copy: a file that has its length and modification
    /// time is complete, because the time is set last. Everything is on the server's disk when it returns. Nobody else
    /// may use the destination meanwhile; concurrent changes in the source may or may not be seen. A stale entry is
    /// looked up again by name until the export's deadline: only entries that their directory no longer has are left
    /// out. Neither directory may be in the other. ACLs and extended attributes, which NFSv3 does not support, are not
    /// copied, nor are the times of symbolic links where the server cannot set them.
    ///
    /// - Parameters:
    ///   - source: The directory to be copied. Symbolic links in it are not followed.
    ///   - destination: An existing directory.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for.
    ///   - onProgress: Receives the progress, a few times a second.
    /// - Returns: How much this call copied, and how much it found complete.
    /// - Throws: ``NFSError`` with the path of the entry; ``NFSError/Code/crossesFileSystem`` at an entry on another
    ///   file system; ``NFSError/Code/changed`` at a file that shrinks in every attempt to copy it;
    ///   ``NFSError/Code/permissionDenied`` where the export does not allow reading a file or setting its owner.
    package func copyTree(
        from source: FileHandle,
        into destination: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (CopiedTree) -> Void = { _ in }
    ) async throws(NFSError) -> CopiedTree {
        let top = Node(handle: source, attributes: try await attributes(of: source))
        let copy = Node(handle: destination, attributes: try await attributes(of: destination))
        let tree = TreeSource(top, on: self)
        let work = TreeCopy(export: self, source: tree, destination: copy.attributes)
        try work.requireOther(copy.attributes, than: top.attributes, "")
        let copied = try await CopyPlan(from: tree.top, into: copy).run(
            atOnce: atOnce(callsAtOnce),
            onProgress: onProgress
        ) { piece throws(NFSError) in
            try await work.perform(piece)
        }
        // The copy is complete only if the tree existed to the end.
        _ = try await attributes(of: source)
        return copied
    }
}
