/// The source tree of a copy. It leaves out only entries that are proven to be gone.
///
/// A stale handle is no proof: a server reports all handles of an export as stale while the export is removed and added
/// again, or while another node takes over. The name is then looked up again in its directory, the directory in its own
/// parent, and so on up to the top. An entry is gone only if a directory that answers has no such name.
///
/// While no handle is stale, this makes no calls beyond those of a plain read.
struct TreeSource: Sendable {
    /// The outcome of a call on an entry.
    enum Reading<Value: Sendable>: Sendable {
        case value(Value)
        /// The name stands for another file now, or the file changed while its handle was stale.
        case replaced(Node)
        case gone
    }

    let export: Export
    let top: SourceDirectory
    private let fsids: FileSystemIDs

    init(_ top: Node, on export: Export) {
        self.export = export
        self.top = SourceDirectory(top: top)
        fsids = FileSystemIDs(top.attributes.fsid)
    }

    // MARK: Entries

    /// Makes a call on an entry's handle, and retries it while the handle is stale and the name still stands for the
    /// same file.
    ///
    /// - Throws: What the call throws; ``NFSError/Code/stale`` if that lasts longer than the deadline of a call.
    func read<Value>(
        _ entry: TreeEntry,
        in directory: SourceDirectory,
        _ call: (FileHandle) async throws(NFSError) -> Value
    ) async throws(NFSError) -> Reading<Value> {
        var handle = entry.node.handle
        var patience = StalePatience(export)
        while true {
            do {
                return .value(try await call(handle))
            } catch let error where error.isGone {
                guard let node = try await find(entry.name, in: directory, &patience) else { return .gone }
                guard node.attributes.isUnchanged(since: entry.attributes) else { return .replaced(node) }
                try await patience.wait(after: error)
                handle = node.handle
            }
        }
    }

    /// Looks up what a name stands for now.
    ///
    /// - Returns: `nil` if the name is gone, or a directory on its path.
    func find(_ name: NFSName, in directory: SourceDirectory) async throws(NFSError) -> Node? {
        var patience = StalePatience(export)
        return try await find(name, in: directory, &patience)
    }

    private func find(
        _ name: NFSName,
        in directory: SourceDirectory,
        _ patience: inout StalePatience
    ) async throws(NFSError) -> Node? {
        while true {
            do {
                return try await export.lookup(name, in: directory.handle)
            } catch let error where error.isGone {
                if error.code == .notFound { return nil }
                if try await isGone(directory) { return nil }
                try await patience.wait(after: error)
            }
        }
    }

    // MARK: Directories

    /// Reads one page of a directory's listing, and looks up what the server omitted.
    ///
    /// - Returns: `nil` if the directory is gone.
    /// - Throws: ``NFSError/Code/changed`` if the directory was replaced, or changed in the middle of the listing while
    ///   its handle was stale.
    func page(of directory: SourceDirectory, from cursor: DirectoryCursor) async throws(NFSError) -> TreePage? {
        guard let page = try await listing(of: directory, from: cursor) else { return nil }
        var entries: [TreeEntry] = []
        for entry in page.entries {
            if let node = entry.node, node.attributes.type != .unknown {
                entries.append(TreeEntry(name: entry.name, node: node))
            } else if let node = try await find(entry.name, in: directory) {
                entries.append(TreeEntry(name: entry.name, node: node))
            }
        }
        return TreePage(entries: entries, next: page.next)
    }

    private func listing(
        of directory: SourceDirectory,
        from cursor: DirectoryCursor
    ) async throws(NFSError) -> DirectoryPage? {
        var patience = StalePatience(export)
        while true {
            do {
                return try await export.readDirectory(directory.handle, from: cursor)
            } catch let error where error.isGone {
                if try await isGone(directory) { return nil }
                try await patience.wait(after: error)
                if cursor != .start { try await requireUnchanged(directory) }
            }
        }
    }

    /// A cursor may be valid only for the handle that gave it: a directory of the same fileid may be a new one.
    private func requireUnchanged(_ directory: SourceDirectory) async throws(NFSError) {
        do throws(NFSError) {
            let now = try await export.attributes(of: directory.handle)
            guard now.isUnchanged(since: directory.attributes) else { throw replaced(directory) }
        } catch let error where error.code == .stale {
            // The listing asks again.
        }
    }

    /// Finds the handle of a directory again, starting from the nearest ancestor that answers.
    ///
    /// - Returns: Whether the directory or an ancestor is proven to be gone. While the top is stale too, nothing is
    ///   proven.
    /// - Throws: ``NFSError/Code/changed`` if the directory was replaced.
    private func isGone(_ directory: SourceDirectory) async throws(NFSError) -> Bool {
        do throws(NFSError) {
            // Asked first: while the whole export is stale, one question is enough.
            _ = try await export.attributes(of: top.handle)
            var below: [SourceDirectory] = []
            var current = directory
            while let parent = current.parent {
                do {
                    guard try await renew(current, in: parent) else { return true }
                    break
                } catch let error where error.code == .stale {
                    below.append(current)
                    current = parent
                }
            }
            for directory in below.reversed() {
                guard let parent = directory.parent, try await renew(directory, in: parent) else { return true }
            }
            return false
        } catch let error where error.code == .stale {
            return false
        }
    }

    /// - Returns: Whether the parent still has the directory.
    private func renew(_ directory: SourceDirectory, in parent: SourceDirectory) async throws(NFSError) -> Bool {
        guard let name = directory.name else { return true }
        do throws(NFSError) {
            let node = try await export.lookup(name, in: parent.handle)
            let (now, before) = (node.attributes, directory.attributes)
            guard now.type == .directory, now.fileid == before.fileid else { throw replaced(directory) }
            directory.learn(node.handle)
            return true
        } catch let error where error.code == .notFound {
            return false
        }
    }

    private func replaced(_ directory: SourceDirectory) -> NFSError {
        let name = directory.name.map { "\($0)" } ?? ""
        return export.error(
            .changed,
            "read",
            name,
            "the directory was replaced while it was copied; the copy will be retried"
        )
    }

    // MARK: File systems

    /// Checks that an entry is on the top's file system. It asks for the top's fsid again before it concludes
    /// otherwise.
    ///
    /// - Throws: ``NFSError/Code/crossesFileSystem`` if the entry is on another file system than the top: a copy
    ///   without it would be incomplete.
    func requireSameFileSystem(_ entry: TreeEntry) async throws(NFSError) {
        let isSame = try await fsids.contains(entry.attributes.fsid, askingTop: topAttributes)
        guard !isSame else { return }
        throw export.error(
            .crossesFileSystem,
            "copy",
            "\(entry.name)",
            "another file system is mounted there, and a copy without it is incomplete; unmount it on the server, or "
                + "keep its data outside of the volume"
        )
    }

    private func topAttributes() async throws(NFSError) -> Attributes {
        var patience = StalePatience(export)
        while true {
            do {
                return try await export.attributes(of: top.handle)
            } catch let error where error.code == .stale {
                try await patience.wait(after: error)
            }
        }
    }
}

extension Attributes {
    /// Whether these attributes are of the same file as others, with the same contents as far as attributes show: some
    /// file systems reuse the id of a removed file immediately.
    fileprivate func isUnchanged(since other: Attributes) -> Bool {
        type == other.type && fileid == other.fileid && isAlike(other)
    }
}

extension TreeSource {
    /// Reads what one call can: a small file, the beginning of a large one, the target of a symbolic link. An entry
    /// that was replaced, or ended before its length, is looked up and read again, a few times.
    ///
    /// - Returns: The entry as it was when it was read, and its bytes: all of them, and one more if the file grew; none
    ///   for types without contents. `nil` if the entry is gone.
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
    /// Whether it is a regular file that takes several calls to read.
    var isLarge: Bool { attributes.type == .regular && attributes.size > UInt64(Export.chunkSize) }

    /// Whether the bytes are all that one call can read of it.
    fileprivate func isComplete(_ bytes: [UInt8]) -> Bool {
        attributes.type != .regular || bytes.count >= Int(min(attributes.size, UInt64(Export.chunkSize)))
    }
}

extension Export {
    /// The error for a file that changed so that no complete copy of it is possible.
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
