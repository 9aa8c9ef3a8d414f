/// One run of ``Export/unpack(_:into:callsAtOnce:onProgress:)``: makes directories as they come, and has so many other
/// calls in flight. It remembers the directories on the way to the last entry, and what is under way.
struct TarUnpacking {
    typealias Group = ThrowingTaskGroup<Finished, any Error>

    /// A piece of work that is done.
    enum Finished: Sendable {
        case entry(TarPlace, bytes: UInt64 = 0)
        case part(TarFile.Large, WrittenParts)
        case directory(Int)
    }

    /// A directory on the way to the last entry.
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
    /// What directories that are not finished are, and shall become.
    var finishing: [Int: (node: Node, wanted: Attributes)] = [:]
    var parts = FileParts()
    /// Whose contents are coming.
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

    /// Takes in the next bytes of the archive.
    mutating func take(_ piece: [UInt8], _ group: inout Group) async throws {
        for part in try reader.read(piece) {
            switch part {
            case .entry(let header): try await begin(header, &group)
            case .content(let bytes): try await add(bytes, &group)
            }
        }
        reports.tell(progress)
    }

    /// Says that the archive is at its end, and waits for what is under way.
    mutating func finish(_ group: inout Group) async throws -> UnpackedTree {
        try reader.finish()
        while !levels.isEmpty { try await pop(&group) }
        try await drain(&group)
        onProgress(progress)
        return progress
    }

    // MARK: Directories

    /// Goes to the directory that an entry lies in. It has to be one of the archive's.
    mutating func enter(
        _ names: ArraySlice<NFSName>,
        of header: TarHeader,
        _ group: inout Group
    ) async throws {
        let common = Self.common(names, levels)
        while levels.count > common + 1 { try await pop(&group) }
        guard common < names.count else { return }
        // Seldom: archives go into a directory once. It must not be finished while entries come into it again.
        try await drain(&group)
        for name in names.dropFirst(common) {
            let level = levels[levels.count - 1]
            let node = try await maker.directory(name, in: level.handle, for: header)
            push(directories.open(name, in: level.id), name, node, wanted: node.attributes)
        }
    }

    /// How many of the names lead along the present way.
    static func common(_ names: ArraySlice<NFSName>, _ levels: [Level]) -> Int {
        zip(names, levels.dropFirst()).prefix { $0 == $1.name }.count
    }

    mutating func push(_ id: Int, _ name: NFSName?, _ node: Node, wanted: Attributes) {
        // Being on the way counts as work in it.
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
