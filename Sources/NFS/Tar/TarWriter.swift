import Presentation
import Tar

/// Produces the pieces of a ``TreeTar``. It walks the tree depth first, a directory's other entries before its
/// directories, and of files remembers only those with several names.
///
/// A piece holds only bytes that were read: what cannot be read completely ends the archive with an error.
struct TarWriter {
    /// A directory that the walk is in.
    private struct Level {
        let directory: SourceDirectory
        /// With a slash at its end.
        let path: [UInt8]
        var next: DirectoryCursor? = .start
        var files: ArraySlice<TreeEntry> = []
        var directories: ArraySlice<TreeEntry> = []
    }

    /// A large file whose header and beginning were already returned.
    private struct OpenFile {
        let entry: TreeEntry
        let directory: SourceDirectory
        let path: [UInt8]
        var offset: UInt64

        var size: UInt64 { entry.attributes.size }
    }

    /// The contents read from an entry; without bytes for another name of a file that the archive already has.
    private struct Content: Sendable {
        let entry: TreeEntry
        let bytes: [UInt8]?
    }

    private(set) var progress = TarredTree()
    private let export: Export
    private let top: FileHandle
    private let readsAtOnce: Int
    private var source: TreeSource?
    private var levels: [Level] = []
    private var file: OpenFile?
    private var firstPaths: [UInt64: [UInt8]] = [:]

    init(export: Export, top: FileHandle, readsAtOnce: Int) {
        self.export = export
        self.top = top
        self.readsAtOnce = readsAtOnce
    }

    /// Returns the next piece; `nil` at the end of the tree.
    mutating func next() async throws(NFSError) -> [UInt8]? {
        guard let source else { return try await begin() }
        while true {
            if let open = file { return try await content(of: open, source) }
            guard var level = levels.popLast() else {
                // The archive is complete only if the tree existed to the end.
                _ = try await export.attributes(of: top)
                return nil
            }
            if !level.files.isEmpty {
                // Up to the first large file, whose contents are read piece by piece.
                var batch = level.files.prefix(readsAtOnce)
                if let large = batch.firstIndex(where: \.isLarge) { batch = batch[...large] }
                level.files = level.files.dropFirst(batch.count)
                levels.append(level)
                let piece = try await piece(of: Array(batch), in: level, source)
                if !piece.isEmpty { return piece }
            } else if let entry = level.directories.popFirst() {
                levels.append(level)
                return try await descend(into: entry, below: level, source)
            } else if let cursor = level.next {
                levels.append(try await listed(level, from: cursor, source))
            }
        }
    }

    private mutating func begin() async throws(NFSError) -> [UInt8] {
        let source = TreeSource(Node(handle: top, attributes: try await export.attributes(of: top)), on: export)
        self.source = source
        return enter(source.top, path: Array("./".utf8))
    }

    private mutating func enter(_ directory: SourceDirectory, path: [UInt8]) -> [UInt8] {
        progress.directories += 1
        levels.append(Level(directory: directory, path: path))
        return TarHeader(.directory, path: path, attributes: directory.attributes).blocks
    }

    private mutating func descend(
        into entry: TreeEntry,
        below level: Level,
        _ source: TreeSource
    ) async throws(NFSError) -> [UInt8] {
        let path = level.path + entry.name.bytes + [UInt8(ascii: "/")]
        try await locating(path) { () throws(NFSError) in try await source.requireSameFileSystem(entry) }
        return enter(SourceDirectory(entry, in: level.directory), path: path)
    }

    private mutating func listed(
        _ level: Level,
        from cursor: DirectoryCursor,
        _ source: TreeSource
    ) async throws(NFSError) -> Level {
        let page = try await locating(level.path) { () throws(NFSError) in
            try await source.page(of: level.directory, from: cursor)
        }
        if page == nil { progress.vanished += 1 }
        let entries = page?.entries ?? []
        var result = level
        result.next = page?.next
        result.files = entries.filter { $0.attributes.type != .directory }[...]
        result.directories = entries.filter { $0.attributes.type == .directory }[...]
        return result
    }

    private func locating<Value>(
        _ path: [UInt8],
        _ work: () async throws(NFSError) -> Value
    ) async throws(NFSError) -> Value {
        do { return try await work() } catch { throw error.at(printable(path)) }
    }

    // MARK: Entries

    /// Returns some entries with their contents; of a large file only the header and the beginning.
    private mutating func piece(
        of batch: [TreeEntry],
        in level: Level,
        _ source: TreeSource
    ) async throws(NFSError) -> [UInt8] {
        var piece: [UInt8] = []
        // A file that was replaced by a large one is large only now: the entries after it must follow its contents.
        for (index, content) in try await read(batch, in: level, source).enumerated() {
            guard let content else {
                progress.vanished += 1
                continue
            }
            piece += try add(content, path: level.path + content.entry.name.bytes, in: level.directory)
            if file != nil {
                levels[levels.count - 1].files = batch[(index + 1)...] + level.files
                break
            }
        }
        return piece
    }

    private mutating func add(
        _ content: Content,
        path: [UInt8],
        in directory: SourceDirectory
    ) throws(NFSError) -> [UInt8] {
        let entry = content.entry
        if let first = firstPaths[entry.attributes.fileid], entry.isHardLink {
            progress.files += 1
            return TarHeader(.hardLink, path: path, target: first, attributes: entry.attributes).blocks
        }
        let bytes = content.bytes ?? []
        guard let header = try header(of: entry, path: path, bytes) else { return [] }
        if entry.isHardLink { firstPaths[entry.attributes.fileid] = path }
        progress.files += 1
        guard header.kind == .file else { return header.blocks }
        if entry.isLarge {
            progress.bytes += UInt64(bytes.count)
            file = OpenFile(entry: entry, directory: directory, path: path, offset: UInt64(bytes.count))
            return header.blocks + bytes
        }
        progress.bytes += header.size
        if UInt64(bytes.count) > header.size { progress.changed += 1 }
        return header.blocks + bytes.prefix(Int(header.size)) + TarHeader.padding(after: header.size)
    }

    /// - Returns: `nil` for a socket, which an archive cannot hold.
    private mutating func header(
        of entry: TreeEntry,
        path: [UInt8],
        _ content: [UInt8]
    ) throws(NFSError) -> TarHeader? {
        let attributes = entry.attributes
        switch attributes.type {
        case .regular: return TarHeader(.file, path: path, attributes: attributes)
        case .symbolicLink:
            // A copy that cannot be restored is none.
            guard content.count <= TreeCopy.longestTarget else {
                let reason = "its target is \(content.count) bytes long; the most is \(TreeCopy.longestTarget)"
                throw export.error(.unsupported, "copy", printable(path), reason)
            }
            return TarHeader(.symbolicLink, path: path, target: content, attributes: attributes)
        case .fifo: return TarHeader(.fifo, path: path, attributes: attributes)
        case .characterDevice: return TarHeader(.characterDevice, path: path, attributes: attributes)
        case .blockDevice: return TarHeader(.blockDevice, path: path, attributes: attributes)
        case .socket:
            progress.sockets += 1
            return nil
        case .directory, .unknown:
            throw export.error(.unsupported, "copy", printable(path), "the server does not report its type")
        }
    }

    // MARK: Reading

    /// Reads the next chunks of a large file concurrently. Its header is out, so all of its bytes must follow.
    private mutating func content(of open: OpenFile, _ source: TreeSource) async throws(NFSError) -> [UInt8] {
        let chunk = UInt64(Export.chunkSize)
        let end = open.offset + min(open.size - open.offset, chunk * UInt64(readsAtOnce))
        let ranges = stride(from: open.offset, to: end, by: Int(chunk)).map { $0..<min($0 + chunk, end) }
        let isLast = end == open.size
        // One byte beyond the end shows whether the file grew. It is read with the others if the limit leaves a call
        // for it.
        let beyond = end..<end + 1
        let hasRoom = isLast && ranges.count < readsAtOnce
        let found = try await bytes(of: open, hasRoom ? ranges + [beyond] : ranges, source)
        var piece: [UInt8] = []
        for (range, bytes) in zip(ranges, found) {
            guard let bytes, bytes.count == range.count else { throw export.changed(printable(open.path)) }
            piece += bytes
        }
        progress.bytes += end - open.offset
        var open = open
        open.offset = end
        file = isLast ? nil : open
        guard isLast else { return piece }
        let more = hasRoom ? found.suffix(1) : try await bytes(of: open, [beyond], source)[...]
        if more != [[]] { progress.changed += 1 }
        return piece + TarHeader.padding(after: open.size)
    }

    /// - Returns: The bytes there are in each range; `nil` if the file is gone or was replaced.
    private func bytes(
        of open: OpenFile,
        _ ranges: [Range<UInt64>],
        _ source: TreeSource
    ) async throws(NFSError) -> [[UInt8]?] {
        try await atOnce(ranges, path: open.path) { [export] range throws(NFSError) in
            let reading = try await source.read(open.entry, in: open.directory) { handle throws(NFSError) in
                try await export.bytes(of: handle, range)
            }
            return if case .value(let bytes) = reading { bytes } else { nil }
        }
    }

    /// Reads what one call can of each entry, concurrently; `nil` for an entry that is gone.
    private func read(
        _ batch: [TreeEntry],
        in level: Level,
        _ source: TreeSource
    ) async throws(NFSError) -> [Content?] {
        let items = batch.map { ($0, isKnown: $0.isHardLink && firstPaths[$0.attributes.fileid] != nil) }
        return try await atOnce(items, path: level.path) { item throws(NFSError) in
            let (entry, isKnown) = item
            do throws(NFSError) {
                try await source.requireSameFileSystem(entry)
                if isKnown { return Content(entry: entry, bytes: nil) }
                guard let found = try await source.content(of: entry, in: level.directory) else { return nil }
                try await source.requireSameFileSystem(found.entry)
                return Content(entry: found.entry, bytes: found.bytes)
            } catch {
                throw error.at(printable(level.path + entry.name.bytes))
            }
        }
    }

    private func atOnce<Item: Sendable, Value: Sendable>(
        _ items: [Item],
        path: [UInt8],
        _ read: @escaping @Sendable (Item) async throws(NFSError) -> Value
    ) async throws(NFSError) -> [Value] {
        let outcomes = await withTaskGroup(of: (Int, Result<Value, NFSError>).self) { group in
            for (index, item) in items.enumerated() {
                group.addTask { (index, await Result(of: { () throws(NFSError) in try await read(item) })) }
            }
            var outcomes: [Int: Result<Value, NFSError>] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes
        }
        var values: [Value] = []
        for index in items.indices {
            do throws(NFSError) {
                if let value = try outcomes[index]?.get() { values.append(value) }
            } catch {
                throw error.subject.isEmpty ? error.at(printable(path)) : error
            }
        }
        return values
    }
}
