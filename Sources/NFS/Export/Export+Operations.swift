// One NFSv3 call each (RFC 1813 §3.3), with the follow-up call that an omitted optional part may need.

extension Export {
    /// Looks up an entry of a directory; a symbolic link is returned, not followed.
    package func lookup(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> Node {
        let found = try await perform(.lookUp(name, in: directory), subject: "\(name)")
        return try await complete(found, name, in: directory)
    }

    package func attributes(of file: FileHandle) async throws(NFSError) -> Attributes {
        try await perform(.getAttributes(of: file))
    }

    /// Sets the attributes that are not `nil`, exactly as given: no umask applies.
    package func setAttributes(
        of file: FileHandle,
        mode: UInt32? = nil,
        uid: UInt32? = nil,
        gid: UInt32? = nil
    ) async throws(NFSError) {
        _ = try await perform(.setAttributes(of: file, to: AttributeChanges(mode: mode, uid: uid, gid: gid)))
    }

    /// - Throws: ``NFSError/Code/alreadyExists`` also if an earlier, unanswered attempt of the same call created it.
    package func makeDirectory(
        _ name: NFSName,
        in directory: FileHandle,
        mode: UInt32
    ) async throws(NFSError) -> Node {
        let made = try await perform(
            .makeDirectory(name, in: directory, AttributeChanges(mode: mode)),
            subject: "\(name)"
        )
        return try await complete(made, name, in: directory)
    }

    /// Removes anything but a directory; a symbolic link itself, not its target.
    package func remove(_ name: NFSName, in directory: FileHandle) async throws(NFSError) {
        _ = try await perform(.remove(name, in: directory), subject: "\(name)")
    }

    /// Removes an empty directory.
    package func removeDirectory(_ name: NFSName, in directory: FileHandle) async throws(NFSError) {
        _ = try await perform(.removeDirectory(name, in: directory), subject: "\(name)")
    }

    /// Renames within the export. An existing file or empty directory of the new name is replaced silently: look first.
    package func rename(
        _ name: NFSName,
        in directory: FileHandle,
        to newName: NFSName,
        in newDirectory: FileHandle
    ) async throws(NFSError) {
        let call = RPCCall.rename(name, in: directory, to: newName, in: newDirectory)
        _ = try await perform(call, subject: "\(name) to \(newName)")
    }

    /// Creates an empty file.
    ///
    /// - Throws: ``NFSError/Code/alreadyExists`` if the name is taken, even by a symbolic link.
    package func createFile(
        _ name: NFSName,
        in directory: FileHandle,
        mode: UInt32
    ) async throws(NFSError) -> Node {
        let made = try await perform(.createFile(name, in: directory, AttributeChanges(mode: mode)), subject: "\(name)")
        return try await complete(made, name, in: directory)
    }

    package func makeSymbolicLink(
        _ name: NFSName,
        in directory: FileHandle,
        to target: String
    ) async throws(NFSError) {
        let call = RPCCall.makeSymbolicLink(name, in: directory, to: Array(target.utf8), AttributeChanges())
        _ = try await perform(call, subject: "\(name)")
    }

    /// Gives a file another name.
    package func link(_ file: FileHandle, as name: NFSName, in directory: FileHandle) async throws(NFSError) {
        _ = try await perform(.link(file, as: name, in: directory), subject: "\(name)")
    }

    package func makeFIFO(_ name: NFSName, in directory: FileHandle) async throws(NFSError) {
        let (device, mode) = (DeviceNumber(major: 0, minor: 0), AttributeChanges(mode: 0o600))
        let call = RPCCall.makeSpecialFile(name, in: directory, type: .fifo, device: device, mode)
        _ = try await perform(call, subject: "\(name)")
    }

    /// The target of a symbolic link, verbatim: any bytes except NUL.
    package func target(of link: FileHandle) async throws(NFSError) -> [UInt8] {
        try await perform(.readLink(link))
    }

    /// Reads at most `count` bytes, and at most 64 KiB; servers may return fewer.
    ///
    /// - Throws: ``NFSError/Code/serverFault`` also if the server returns no bytes and does not report the end of the
    ///   file: callers must not take that for the end.
    package func read(_ file: FileHandle, at offset: UInt64, count: Int) async throws(NFSError) -> FileChunk {
        let count = min(max(count, 0), Self.chunkSize)
        let chunk = try await perform(.read(file, at: offset, count: count))
        guard count == 0 || chunk.isLast || !chunk.bytes.isEmpty else {
            let reason = "the server returned no bytes before the end of the file; check the server"
            throw error(.serverFault, "read", "", reason)
        }
        return chunk
    }

    /// Writes at most the first 64 KiB of `bytes`; servers may accept fewer.
    package func write(
        _ bytes: ArraySlice<UInt8>,
        to file: FileHandle,
        at offset: UInt64,
        stability: WriteStability = .stable
    ) async throws(NFSError) -> WriteResult {
        try await perform(.write(bytes.prefix(Self.chunkSize), to: file, at: offset, stability: stability))
    }

    /// Writes all bytes, in as many calls as necessary.
    ///
    /// - Returns: The verifiers of bytes that may still be only in the server's memory; none if all are on its disk.
    /// - Throws: ``NFSError/Code/serverFault`` also if the server accepts no bytes and reports no error.
    @discardableResult
    package func writeAll(
        _ bytes: [UInt8],
        to file: FileHandle,
        at offset: UInt64,
        stability: WriteStability = .stable
    ) async throws(NFSError) -> Set<WriteVerifier> {
        var verifiers: Set<WriteVerifier> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let result = try await write(rest, to: file, at: offset + UInt64(rest.startIndex), stability: stability)
            guard result.count > 0 else {
                throw error(.serverFault, "write", "", "the server wrote nothing and reported no error; check it")
            }
            if !result.isStable { verifiers.insert(result.verifier) }
            rest = rest.dropFirst(result.count)
        }
        return verifiers
    }

    /// Flushes all writes to a file to the server's disk.
    ///
    /// - Returns: The verifier; bytes written under another one may be lost.
    package func commit(_ file: FileHandle) async throws(NFSError) -> WriteVerifier {
        try await perform(.commit(file))
    }

    /// Space on the export's file system.
    package func statistics() async throws(NFSError) -> FileSystemStatistics {
        let root = try await root()
        return try await perform(.statistics(of: root.handle))
    }

    /// Fetches what a reply omitted.
    func complete(
        _ node: PartialNode,
        _ name: NFSName,
        in directory: FileHandle
    ) async throws(NFSError) -> Node {
        guard let handle = node.handle else { return try await lookup(name, in: directory) }
        if let attributes = node.attributes { return Node(handle: handle, attributes: attributes) }
        return Node(handle: handle, attributes: try await attributes(of: handle))
    }

    /// The most bytes that one READ or WRITE carries; every server accepts that many.
    static var chunkSize: Int { 64 << 10 }
}
