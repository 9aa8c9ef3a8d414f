extension Export {
    /// Unpacks a tar archive into a directory, as its bytes come: types, bytes, modes, owners, modification times,
    /// symbolic and hard links, devices. What the archive says of its own top, `./`, the directory itself becomes.
    ///
    /// It reads what ``TreeTar`` and GNU tar write (ustar, pax, GNU's long names; no sparse files). Nothing is made outside
    /// of the directory, whatever the archive says: every entry's way is looked up from the top, directory by directory,
    /// and `..`, absolute paths and ways through symbolic links are errors. An entry takes the place of an earlier one that
    /// is no directory. All is on the server's disk when it returns; after an error, what was made so far stays.
    ///
    /// - Parameters:
    ///   - tar: The archive, in pieces of any size.
    ///   - directory: An empty directory that nobody else uses meanwhile.
    ///   - callsAtOnce: How many calls may be in flight; `nil` for as many as the connections have room for. It keeps as
    ///     many chunks of 64 KiB in memory.
    ///   - onProgress: Hears what was made so far, a few times a second.
    /// - Returns: What was made.
    /// - Throws: ``TarError`` for an archive that is damaged, cut off or hostile; ``NFSError`` with the path of the entry;
    ///   what `tar` throws.
    package func unpack(
        _ tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        into directory: FileHandle,
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void = { _ in }
    ) async throws -> UnpackedTree {
        let top = Node(handle: directory, attributes: try await attributes(of: directory))
        return try await withThrowingTaskGroup(of: TarUnpacking.Finished.self) { group in
            var unpacking = TarUnpacking(on: self, into: top, callsAtOnce: atOnce(callsAtOnce), onProgress: onProgress)
            for try await piece in tar { try await unpacking.take(piece, &group) }
            // A stream may just end when the task is cancelled.
            try Task.checkCancellation()
            return try await unpacking.finish(&group)
        }
    }
}
