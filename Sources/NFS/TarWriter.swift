/// Makes the pieces of a ``TreeTar``: walks the tree deep first, a directory's other entries before its directories, and
/// remembers of files only those with several names.
struct TarWriter {
    /// A directory that the walk is in.
    private struct Level {
        let handle: FileHandle
        /// With a slash at its end.
        let path: [UInt8]
        var next: DirectoryCursor? = .start
        var files: ArraySlice<TreeEntry> = []
        var directories: ArraySlice<TreeEntry> = []
    }

    /// A large file of which the header is out.
    private struct OpenFile {
        let handle: FileHandle
        let path: [UInt8]
        let size: UInt64
        var offset: UInt64 = 0
        var isChanged = false
    }

    private(set) var progress = TarredTree()
    private let export: Export
    private let top: FileHandle
    private let readsAtOnce: Int
    private var fsid: UInt64?
    private var levels: [Level] = []
    private var file: OpenFile?
    private var firstPaths: [UInt64: [UInt8]] = [:]

    init(export: Export, top: FileHandle, readsAtOnce: Int) {
        self.export = export
        self.top = top
        self.readsAtOnce = readsAtOnce
    }

    /// The next piece; `nil` when the tree is at its end.
    mutating func next() async throws(NFSError) -> [UInt8]? {
        guard fsid != nil else { return try await begin() }
        while true {
            if let open = file { return try await content(of: open) }
            guard var level = levels.popLast() else {
                // Handles that all went stale at once look like a tree that is gone.
                _ = try await export.attributes(of: top)
                return nil
            }
            if !level.files.isEmpty {
                // Up to the first large file, whose contents are read piece by piece.
                var batch = level.files.prefix(readsAtOnce)
                if let large = batch.firstIndex(where: \.isLarge) { batch = batch[...large] }
                level.files = level.files.dropFirst(batch.count)
                let path = level.path
                levels.append(level)
                let piece = try await piece(of: Array(batch), in: path)
                if !piece.isEmpty { return piece }
            } else if let entry = level.directories.popFirst() {
                levels.append(level)
                if let header = descend(into: entry, below: level.path) { return header }
            } else if let cursor = level.next {
                let page = try await list(level, from: cursor)
                level.next = page.next
                level.files = page.entries.filter { $0.attributes.type != .directory }[...]
                level.directories = page.entries.filter { $0.attributes.type == .directory }[...]
                levels.append(level)
            }
        }
    }

    private mutating func begin() async throws(NFSError) -> [UInt8] {
        let attributes = try await export.attributes(of: top)
        fsid = attributes.fsid
        return enter(top, attributes, path: Array("./".utf8))
    }

    private mutating func enter(_ handle: FileHandle, _ attributes: Attributes, path: [UInt8]) -> [UInt8] {
        progress.directories += 1
        levels.append(Level(handle: handle, path: path))
        return TarHeader(.directory, path: path, attributes: attributes).blocks
    }

    private mutating func descend(into entry: TreeEntry, below path: [UInt8]) -> [UInt8]? {
        guard entry.attributes.fsid == fsid else {
            progress.skipped += 1
            return nil
        }
        return enter(entry.node.handle, entry.attributes, path: path + entry.name.bytes + [UInt8(ascii: "/")])
    }

    private func list(_ level: Level, from cursor: DirectoryCursor) async throws(NFSError) -> TreePage {
        do { return try await export.treePage(of: level.handle, from: cursor) } catch {
            throw error.at(printable(level.path))
        }
    }

    // MARK: Entries

    /// Some entries with their contents; of the last, if it is a large file, only the header.
    private mutating func piece(of batch: [TreeEntry], in path: [UInt8]) async throws(NFSError) -> [UInt8] {
        let contents = try await read(batch, in: path)
        var piece: [UInt8] = []
        for (entry, content) in zip(batch, contents) {
            let path = path + entry.name.bytes
            if let first = firstPaths[entry.attributes.fileid], entry.isHardLink {
                piece += TarHeader(.hardLink, path: path, target: first, attributes: entry.attributes).blocks
                progress.files += 1
                continue
            }
            guard let header = header(of: entry, path: path, content) else { continue }
            if entry.isHardLink { firstPaths[entry.attributes.fileid] = path }
            progress.files += 1
            piece += header.blocks
            if entry.isLarge {
                file = OpenFile(handle: entry.node.handle, path: path, size: header.size)
            } else if header.kind == .file {
                piece += fitted(content ?? [], to: header.size)
            }
        }
        return piece
    }

    /// - Returns: `nil` if it is nothing for an archive.
    private mutating func header(of entry: TreeEntry, path: [UInt8], _ content: [UInt8]?) -> TarHeader? {
        let attributes = entry.attributes
        switch attributes.type {
        case .regular:
            return content == nil ? nil : TarHeader(.file, path: path, attributes: attributes)
        case .symbolicLink:
            return content.map { TarHeader(.symbolicLink, path: path, target: $0, attributes: attributes) }
        case .fifo: return TarHeader(.fifo, path: path, attributes: attributes)
        case .characterDevice: return TarHeader(.characterDevice, path: path, attributes: attributes)
        case .blockDevice: return TarHeader(.blockDevice, path: path, attributes: attributes)
        case .socket, .directory, .unknown:
            progress.skipped += 1
            return nil
        }
    }

    /// A small file's bytes as many as the header says, and the rest of the last block.
    private mutating func fitted(_ content: [UInt8], to size: UInt64) -> [UInt8] {
        progress.bytes += size
        if UInt64(content.count) != size { progress.changed += 1 }
        let missing = [UInt8](repeating: 0, count: max(0, Int(size) - content.count))
        return Array(content.prefix(Int(size))) + missing + TarHeader.padding(after: size)
    }

    // MARK: Reading

    /// The next chunks of a large file, read at once.
    private mutating func content(of open: OpenFile) async throws(NFSError) -> [UInt8] {
        let handle = open.handle
        let chunk = UInt64(Export.chunkSize)
        let end = open.offset + min(open.size - open.offset, chunk * UInt64(readsAtOnce))
        let ranges = stride(from: open.offset, to: end, by: Int(chunk)).map { $0..<min($0 + chunk, end) }
        let chunks = try await atOnce(ranges, path: open.path) { [export] range throws(NFSError) in
            try await export.bytes(of: handle, range) ?? []
        }
        var open = open
        var piece: [UInt8] = []
        for (range, bytes) in zip(ranges, chunks) {
            piece += bytes
            let missing = range.count - bytes.count
            if missing > 0 { open.isChanged = true }
            piece += repeatElement(0, count: missing)
        }
        progress.bytes += end - open.offset
        open.offset = end
        if end < open.size {
            file = open
            return piece
        }
        file = nil
        if !open.isChanged {
            let more = try await atOnce([end..<end + 1], path: open.path) { [export] range throws(NFSError) in
                try await export.bytes(of: handle, range) ?? []
            }
            open.isChanged = more != [[]]
        }
        if open.isChanged { progress.changed += 1 }
        return piece + TarHeader.padding(after: open.size)
    }

    /// What small files hold and symbolic links point to, read at once; `nil` for what is gone. Large files come later.
    private func read(_ batch: [TreeEntry], in path: [UInt8]) async throws(NFSError) -> [[UInt8]?] {
        let known = batch.map { $0.isHardLink && firstPaths[$0.attributes.fileid] != nil }
        let wanted = zip(batch, known).map { $0.isLarge || $1 ? nil : $0 }
        return try await atOnce(wanted, path: path) { [export] entry throws(NFSError) in
            guard let entry else { return [] }
            do throws(NFSError) {
                return try await export.content(of: entry)
            } catch {
                throw error.at(printable(path + entry.name.bytes))
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

extension TreeEntry {
    /// Whether it is a file that more than one call has to read.
    fileprivate var isLarge: Bool { attributes.type == .regular && attributes.size > UInt64(Export.chunkSize) }
}

extension Export {
    /// What a small file holds, and a byte more if it grew; where a symbolic link points to; `nil` if it is gone, or of
    /// another kind.
    fileprivate func content(of entry: TreeEntry) async throws(NFSError) -> [UInt8]? {
        let handle = entry.node.handle
        switch entry.attributes.type {
        case .regular: return try await bytes(of: handle, 0..<entry.attributes.size + 1)
        case .symbolicLink: return try await unlessGone { () throws(NFSError) in try await target(of: handle) }
        default: return nil
        }
    }
}
