/// The work on a ``RemovalPlan``: some directories at once, and in each some entries at once, together no more calls
/// than it may.
struct TreeRemoval: Sendable {
    enum EntryOutcome: Sendable {
        case removed
        case gone
        case directory(FoundDirectory)
    }

    let export: Export
    /// The file system it must not leave.
    let fsid: UInt64
    private let directoriesAtOnce: Int
    private let entriesAtOnce: Int

    init(export: Export, fsid: UInt64, callsAtOnce: Int) {
        self.export = export
        self.fsid = fsid
        directoriesAtOnce = min(4, callsAtOnce)
        entriesAtOnce = callsAtOnce / directoriesAtOnce
    }

    func run(
        _ plan: RemovalPlan,
        onProgress: @escaping @Sendable (RemovedTree) -> Void
    ) async throws(NFSError) -> RemovedTree {
        try await NFSEventLoop.withManyCalls { await outcome(of: plan, onProgress: onProgress) }.get()
    }

    private func outcome(
        of plan: RemovalPlan,
        onProgress: @escaping @Sendable (RemovedTree) -> Void
    ) async -> Result<RemovedTree, NFSError> {
        await withTaskGroup(of: (Int, Result<RemovalPlan.Round, NFSError>).self) { group in
            var plan = plan
            var progress = ProgressReports(to: onProgress)
            var running = 0
            var failure: NFSError?
            while true {
                while failure == nil, running < directoriesAtOnce, let directory = plan.next() {
                    running += 1
                    group.addTask {
                        (directory.id, await Result(of: { () throws(NFSError) in try await work(on: directory) }))
                    }
                }
                guard let (id, round) = await group.next() else { break }
                running -= 1
                do throws(NFSError) {
                    let isGettingEmpty = plan.finish(try round.get(), of: id)
                    if !isGettingEmpty { throw export.error(.notEmpty, "rmdir", "") }
                    progress.tell(plan.removed)
                } catch let error where failure == nil {
                    failure = error.below(plan.path(of: id))
                    group.cancelAll()
                } catch {}
            }
            return Result<RemovedTree, NFSError>(failure: failure, else: plan.removed)
        }
    }

    /// One round: removes what is on a directory's first page and is not a directory, and itself if it is empty.
    private func work(on directory: RemovalPlan.Directory) async throws(NFSError) -> RemovalPlan.Round {
        if directory.isListed, try await removeIfEmpty(directory) { return RemovalPlan.Round(isGone: true) }
        // From the start each time: what was listed before is gone, and a cookie into a directory that changes may skip.
        let page: DirectoryPage
        do {
            page = try await export.readDirectory(directory.handle)
        } catch let error where error.isGone {
            return RemovalPlan.Round(isGone: true)
        }
        var round = RemovalPlan.Round(isListed: page.next == nil)
        for outcome in try await remove(page.entries, in: directory.handle) {
            switch outcome {
            case .removed: round.files += 1
            case .gone: break
            case .directory(let found): round.subdirectories.append(found)
            }
        }
        if round.isListed, round.subdirectories.isEmpty { round.isGone = try await removeIfEmpty(directory) }
        return round
    }

    /// - Returns: `false` if it is not empty.
    private func removeIfEmpty(_ directory: RemovalPlan.Directory) async throws(NFSError) -> Bool {
        do {
            try await export.removeDirectory(directory.name, in: directory.parent)
        } catch let error where error.code == .notEmpty || error.code == .alreadyExists {
            return false
        } catch let error where error.code == .notDirectory {
            // Something else has the name by now, and the directory is where someone moved it.
            _ = try await removeUnlessDirectory(directory.name, in: directory.parent)
        } catch let error where error.isGone {}
        return true
    }

    private func remove(
        _ entries: [DirectoryEntry],
        in directory: FileHandle
    ) async throws(NFSError) -> [EntryOutcome] {
        let outcome = await withTaskGroup(of: Result<EntryOutcome, NFSError>.self) { group in
            var waiting = entries[...]
            var outcomes: [EntryOutcome] = []
            var failure: NFSError?
            func addNext() {
                guard failure == nil, let entry = waiting.popFirst() else { return }
                group.addTask {
                    await Result(of: { () throws(NFSError) in try await remove(entry, in: directory) })
                }
            }
            for _ in 0..<entriesAtOnce { addNext() }
            while let outcome = await group.next() {
                switch outcome {
                case .success(let outcome): outcomes.append(outcome)
                case .failure(let error):
                    failure = failure ?? error
                    group.cancelAll()
                }
                addNext()
            }
            return Result<[EntryOutcome], NFSError>(failure: failure, else: outcomes)
        }
        return try outcome.get()
    }

    private func remove(_ entry: DirectoryEntry, in directory: FileHandle) async throws(NFSError) -> EntryOutcome {
        guard let attributes = entry.attributes, attributes.type != .unknown else {
            return try await removeUnlessDirectory(entry.name, in: directory)
        }
        if attributes.type == .directory {
            guard let handle = entry.handle else { return try await removeUnlessDirectory(entry.name, in: directory) }
            return try found(entry.name, Node(handle: handle, attributes: attributes))
        }
        do {
            try await export.remove(entry.name, in: directory)
            return .removed
        } catch let error where error.isGone {
            return .gone
        } catch let error where error.code == .isDirectory || error.code == .permissionDenied {
            // Swapped for a directory since it was listed; POSIX lets a server say EPERM.
            let node = try await lookup(entry.name, in: directory)
            guard let node else { return .gone }
            guard node.attributes.type == .directory else { throw error }
            return try found(entry.name, node)
        }
    }

    /// Removes an entry of which only the name is known.
    func removeUnlessDirectory(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> EntryOutcome {
        guard let node = try await lookup(name, in: directory) else { return .gone }
        if node.attributes.type == .directory { return try found(name, node) }
        do {
            try await export.remove(name, in: directory)
            return .removed
        } catch let error where error.isGone {
            return .gone
        }
    }

    /// - Returns: `nil` if the entry is gone. A stale handle says so only of the directory it names: that one is tried by
    ///   its name again, and so on up to the top, whose name is looked for in the end.
    private func lookup(_ name: NFSName, in directory: FileHandle) async throws(NFSError) -> Node? {
        do {
            return try await export.lookup(name, in: directory)
        } catch let error where error.isGone {
            return nil
        }
    }

    private func found(_ name: NFSName, _ node: Node) throws(NFSError) -> EntryOutcome {
        guard node.attributes.fsid == fsid else {
            let reason = "it is on another file system; nothing in it was touched"
            throw export.error(.crossesFileSystem, "remove", "\(name)", reason)
        }
        return .directory(FoundDirectory(name: name, handle: node.handle))
    }
}
