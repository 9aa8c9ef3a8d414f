extension TreeSource {
    /// Reads what one call can: a small file, the beginning of a large one, where a symbolic link points to. What was
    /// replaced, or ended before its length, is looked up and read again, a few times.
    ///
    /// - Returns: The entry as it was when it was read, and its bytes: all of them, and one more if the file grew;
    ///   no bytes of what has none. `nil` if the entry is gone.
    /// - Throws: ``NFSError/Code/changed`` for an entry that changes each time.
    func content(
        of entry: TreeEntry,
        in directory: SourceDirectory
    ) async throws(NFSError) -> (entry: TreeEntry, bytes: [UInt8])? {
        var current = entry
        for _ in 0..<TreeCopy.triesAtMost where current.attributes.type != .directory {
            let now: Node?
            switch try await readOnce(current, in: directory) {
            case .value(let bytes) where current.isComplete(bytes): return (current, bytes)
            case .value: now = try await find(entry.name, in: directory)
            case .replaced(let node): now = node
            case .gone: now = nil
            }
            guard let now else { return nil }
            current = TreeEntry(name: entry.name, node: now)
        }
        throw export.changed("\(entry.name)")
    }

    private func readOnce(
        _ entry: TreeEntry,
        in directory: SourceDirectory
    ) async throws(NFSError) -> Reading<[UInt8]> {
        try await read(entry, in: directory) { handle throws(NFSError) in
            try await export.content(of: entry, handle)
        }
    }
}

extension TreeEntry {
    /// Whether it is a file that more than one call has to read.
    var isLarge: Bool { attributes.type == .regular && attributes.size > UInt64(Export.chunkSize) }

    /// Whether the bytes are all that one call can read of it.
    fileprivate func isComplete(_ bytes: [UInt8]) -> Bool {
        attributes.type != .regular || bytes.count >= Int(min(attributes.size, UInt64(Export.chunkSize)))
    }
}

extension Export {
    /// A file that changed in a way that leaves no whole copy of it.
    func changed(_ subject: String) -> NFSError {
        error(.changed, "read", subject, "the file changed while it was copied; the copy will be retried")
    }

    fileprivate func content(of entry: TreeEntry, _ handle: FileHandle) async throws(NFSError) -> [UInt8] {
        switch entry.attributes.type {
        case .regular:
            let end = entry.isLarge ? UInt64(Self.chunkSize) : entry.attributes.size + 1
            return try await bytes(of: handle, 0..<end)
        case .symbolicLink: return try await target(of: handle)
        default: return []
        }
    }
}
