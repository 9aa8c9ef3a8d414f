import Tar

/// One run of ``Export/unpack(_:into:callsAtOnce:onProgress:)``: creates directories as they arrive, and keeps a
/// limited number of other calls in flight. It remembers the directories on the path to the last entry, and the work in
/// progress.
struct TarUnpacking {
    typealias Group = ThrowingTaskGroup<Finished, any Error>

    /// A piece of work that is done.
    enum Finished: Sendable {
        case entry(TarPlace, bytes: UInt64 = 0)
        case part(TarFile.Large, WrittenParts)
        case directory(Int)
    }

    /// A directory on the path to the last entry.
    struct Level {
        let id: Int
        let name: NFSName?
        let handle: FileHandle
    }

    private let export: Export
    let maker: TarEntryMaker
    private let callsAtOnce: Int
    private let onProgress: @Sendable (UnpackedTree) -> Void
    private var reports: ProgressReports<UnpackedTree>
    private var progress = UnpackedTree()
    private var reader = TarReader()
    var levels: [Level] = []
    var directories = OpenDirectories()
    /// The directories that are not finished, and the attributes they are to get.
    var finishing: [Int: (node: Node, wanted: Attributes)] = [:]
    var parts = FileParts()
    /// The file whose contents are being received.
    var file: TarFile?
    var running = 0
    var underWay: Set<[NFSName]> = []

    init(
        on export: Export,
        into top: Node,
        callsAtOnce: Int,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void
    ) {
        self.export = export
        self.callsAtOnce = callsAtOnce
        self.onProgress = onProgress
        maker = TarEntryMaker(export: export)
        reports = ProgressReports(to: onProgress)
        push(directories.open(), nil, top, wanted: top.attributes)
    }

    /// Unpacks the next bytes of the archive.
    mutating func take(_ piece: [UInt8], _ group: inout Group) async throws {
        for part in try reader.read(piece) {
            switch part {
            case .entry(let header): try await begin(header, &group)
            case .content(let bytes): try await add(bytes, &group)
            }
        }
        reports.tell(progress)
    }

    /// Checks that the archive is at its end, and waits for the work in progress.
    mutating func finish(_ group: inout Group) async throws -> UnpackedTree {
        try reader.finish()
        while !levels.isEmpty { try await pop(&group) }
        try await drain(&group)
        onProgress(progress)
        return progress
    }

    // MARK: Directories

    /// Enters the directory of an entry, which must be one of the archive's.
    mutating func enter(
        _ names: ArraySlice<NFSName>,
        of header: TarHeader,
        _ group: inout Group
    ) async throws {
        let common = Self.common(names, levels)
        while levels.count > common + 1 { try await pop(&group) }
        guard common < names.count else { return }
        // Rare: archives enter a directory once. It must not be finished while entries come into it again.
        try await drain(&group)
        for name in names.dropFirst(common) {
            let level = levels[levels.count - 1]
            let node = try await maker.directory(name, in: level.handle, for: header)
            push(directories.open(name, in: level.id), name, node, wanted: node.attributes)
        }
    }

    /// The number of leading names that match the current path.
    static func common(_ names: ArraySlice<NFSName>, _ levels: [Level]) -> Int {
        zip(names, levels.dropFirst()).prefix { $0 == $1.name }.count
    }

    mutating func push(_ id: Int, _ name: NFSName?, _ node: Node, wanted: Attributes) {
        // Being on the current path counts as work in the directory.
        directories.begin(in: id)
        finishing[id] = (node, wanted)
        levels.append(Level(id: id, name: name, handle: node.handle))
    }

    private mutating func pop(_ group: inout Group) async throws {
        while running >= callsAtOnce { try await takeFinished(&group) }
        let id = levels.removeLast().id
        if directories.end(in: id) { finishDirectory(id, &group) }
    }

    private mutating func finishDirectory(_ id: Int, _ group: inout Group) {
        guard let (node, wanted) = finishing[id] else { return }
        let path = directories.path(of: id)
        running += 1
        group.addTask { [export] in
            do throws(NFSError) {
                try await export.settle(node.handle, to: wanted, from: node.attributes)
            } catch {
                throw error.at(path)
            }
            return .directory(id)
        }
    }

    // MARK: Work under way

    mutating func note(_ place: TarPlace) {
        guard underWay.insert(place.names).inserted else { return }
        directories.begin(in: place.directory)
    }

    mutating func spawn(
        _ place: TarPlace,
        _ group: inout Group,
        _ work: @escaping @Sendable () async throws -> Finished
    ) async throws {
        while running >= callsAtOnce { try await takeFinished(&group) }
        note(place)
        run(place, &group, work)
    }

    private mutating func run(
        _ place: TarPlace,
        _ group: inout Group,
        _ work: @escaping @Sendable () async throws -> Finished
    ) {
        running += 1
        group.addTask { try await place.locating(work) }
    }

    mutating func drain(_ group: inout Group) async throws {
        while running > 0 { try await takeFinished(&group) }
    }

    mutating func takeFinished(_ group: inout Group) async throws {
        guard let finished = try await group.next() else { return }
        running -= 1
        switch finished {
        case .entry(let place, let bytes):
            progress.files += 1
            progress.bytes += bytes
            underWay.remove(place.names)
            if directories.end(in: place.directory) { finishDirectory(place.directory, &group) }
        case .part(let large, let written):
            progress.bytes += written.bytes
            guard let all = parts.finish(written, of: large.id) else { return }
            run(large.place, &group) { [maker] in
                try await maker.finish(large.node, large.wanted, all)
                return .entry(large.place)
            }
        case .directory(let id):
            progress.directories += 1
            finishing[id] = nil
            if let parent = directories.close(id) { finishDirectory(parent, &group) }
        }
    }
}

extension TarUnpacking {
    /// Begins an entry, in its directory.
    mutating func begin(_ header: TarHeader, _ group: inout Group) async throws {
        let names = try header.names
        guard let name = names.last else {
            guard header.kind == .directory else { throw TarError(header.path, "only a directory can be the top") }
            finishing[levels[0].id]?.wanted = header.attributes
            return
        }
        try await enter(names.dropLast(), of: header, &group)
        // Entries of the same name are created in their order.
        while running > 0, underWay.contains(names) { try await takeFinished(&group) }
        let level = levels[levels.count - 1]
        let place = TarPlace(names: names, name: name, parent: level.handle, directory: level.id)
        switch header.kind {
        case .directory: try await beginDirectory(header, place, &group)
        case .file: try await beginFile(header, place, &group)
        case .hardLink: try await link(header, place, &group)
        case .symbolicLink, .characterDevice, .blockDevice, .fifo:
            if header.kind == .symbolicLink { try header.requireTarget() }
            try await spawn(place, &group) { [maker] in
                try await maker.makeOther(header, name, in: place.parent)
                return .entry(place)
            }
        case .extended: break
        }
    }

    private mutating func beginDirectory(
        _ header: TarHeader,
        _ place: TarPlace,
        _ group: inout Group
    ) async throws {
        let node = try await place.locating {
            try await maker.makeDirectory(place.name, in: place.parent, header.attributes)
        }
        // A directory of that name that is being finished must be done before it is opened again.
        if finishing.values.contains(where: { $0.node.handle == node.handle }) { try await drain(&group) }
        push(directories.open(place.name, in: place.directory), place.name, node, wanted: header.attributes)
    }

    private mutating func beginFile(_ header: TarHeader, _ place: TarPlace, _ group: inout Group) async throws {
        let wanted = header.attributes
        var large: TarFile.Large?
        if wanted.size > UInt64(Export.chunkSize) {
            let node = try await place.locating {
                try await maker.makeFile(place.name, in: place.parent, wanted)
            }
            large = TarFile.Large(id: parts.add(size: wanted.size), place: place, node: node, wanted: wanted)
            note(place)
        }
        file = TarFile(place, wanted, large)
        if wanted.size == 0 { try await add([], &group) }
    }

    mutating func add(_ bytes: ArraySlice<UInt8>, _ group: inout Group) async throws {
        guard var open = file else { return }
        file = nil
        open.add(bytes)
        while let chunk = open.nextChunk() {
            if let large = open.large {
                guard let offset = parts.next(of: large.id) else { break }
                try await spawn(large.place, &group) { [maker] in
                    .part(large, try await maker.write(chunk, to: large.node.handle, at: offset))
                }
            } else {
                let (place, wanted) = (open.place, open.wanted)
                try await spawn(place, &group) { [maker] in
                    try await maker.makeFile(place.name, in: place.parent, wanted, chunk)
                    return .entry(place, bytes: wanted.size)
                }
            }
        }
        if open.left > 0 { file = open }
    }

    private mutating func link(_ header: TarHeader, _ place: TarPlace, _ group: inout Group) async throws {
        let target = try header.targetNames
        // Entries in progress on the target's path must exist before it is looked up.
        while running > 0, target.indices.contains(where: { underWay.contains(Array(target[...$0])) }) {
            try await takeFinished(&group)
        }
        guard let last = target.last else { throw TarError(header.path, "it is a hard link to the top") }
        let ways = target.dropLast()
        let common = Self.common(ways, levels)
        let start = levels[common].handle
        try await spawn(place, &group) { [maker] in
            var directory = start
            for name in ways.dropFirst(common) {
                directory = try await maker.directory(name, in: directory, for: header).handle
            }
            try await maker.link(try await maker.export.lookup(last, in: directory), as: place.name, in: place.parent)
            return .entry(place)
        }
    }
}

/// The result of ``Export/unpack(_:into:callsAtOnce:onProgress:)``.
package struct UnpackedTree: Hashable, Sendable {
    /// Directories of the archive that are complete.
    package var directories = 0
    /// All entries except directories, including hard links.
    package var files = 0
    /// Bytes of content.
    package var bytes: UInt64 = 0

    package init() {}
}
