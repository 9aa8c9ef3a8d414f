/// The remaining steps of a tree removal: a directory's contents before the directory, and the deepest first, so that
/// its memory grows with the tree's depth, not with its size.
///
/// A server serializes changes in one directory, and runs those in different directories in parallel. So several
/// directories are emptied at a time, one entry of each in turn.
struct RemovalPlan: TreePlan {
    /// A step in a directory of the tree.
    struct Work: Sendable {
        let directory: Int
        let step: Step
    }

    enum Step: Sendable {
        /// Reads the directory's first page. It starts over each time: the entries listed before are gone, and a cookie
        /// into a changing directory may skip entries.
        case list(FileHandle)
        case remove(DirectoryEntry, in: FileHandle)
        /// Removes the directory itself.
        case removeDirectory(NFSName, in: FileHandle)
        /// Gives up, because another client keeps writing into the directory.
        case giveUp
    }

    enum Outcome: Sendable {
        case listed([DirectoryEntry], isLastPage: Bool)
        case entry(EntryOutcome)
        case directoryRemoved
        /// The directory is gone, or its name belongs to another entry now.
        case directoryGone
        case notEmpty
    }

    enum EntryOutcome: Sendable {
        case removed
        /// Another client has removed it.
        case gone
        /// It is a directory, which has to be emptied first.
        case directory(FoundDirectory)
    }

    /// A directory that is not removed yet.
    private struct Directory {
        let found: FoundDirectory
        let parent: FileHandle
        /// Entries that are not being removed yet.
        var waiting: ArraySlice<DirectoryEntry> = []
        /// Whether the listing was complete, so that it is empty once all listed entries are gone.
        var isListed = false
        /// Whether its removal has advanced since it was last listed.
        var gotNearer = true
        var wastedRounds = 0

        var removal: Step { .removeDirectory(found.name, in: parent) }
    }

    /// How many fruitless listings a directory is allowed: nothing in it was removed, or everything listed was removed
    /// and yet it was not empty. The count is never reset, or a client that keeps writing into an emptied directory
    /// would keep the removal going for good.
    private static let patience = 16

    private(set) var progress = RemovedTree()
    private let directoriesAtOnce: Int
    private var open = OpenDirectories()
    private var directories: [Int: Directory] = [:]
    /// Directories with no work in progress.
    private var ready: [Int] = []
    /// Directories with waiting entries, the next in turn first.
    private var emptying: [Int] = []
    /// The number of directories being listed.
    private var listing = 0

    /// - Parameters:
    ///   - top: The top of the tree.
    ///   - parent: The directory that holds it.
    ///   - directoriesAtOnce: How many directories to empty at a time, at most.
    init(_ top: FoundDirectory, in parent: FileHandle, directoriesAtOnce: Int) {
        self.directoriesAtOnce = directoriesAtOnce
        add(top, as: open.open(top.name), at: parent)
    }

    mutating func next() -> Work? {
        if listing + emptying.count < directoriesAtOnce, let id = ready.popLast(), let directory = directories[id] {
            open.begin(in: id)
            return Work(directory: id, step: directory.isListed ? directory.removal : list(directory, id))
        }
        guard !emptying.isEmpty else { return nil }
        let id = emptying.removeFirst()
        guard let entry = directories[id]?.waiting.popFirst(), let directory = directories[id] else { return nil }
        if directory.waiting.isEmpty {
            // Frees the memory of the whole page: a parent waits for everything below it.
            directories[id]?.waiting = []
        } else {
            emptying.append(id)
        }
        return Work(directory: id, step: .remove(entry, in: directory.found.handle))
    }

    mutating func finish(_ work: Work, _ outcome: Outcome) {
        let id = work.directory
        if case .list = work.step { listing -= 1 }
        switch outcome {
        case .listed(let entries, let isLastPage): take(entries, isLastPage: isLastPage, in: id)
        case .entry(.directory(let found)):
            if let parent = directories[id]?.found.handle {
                add(found, as: open.open(found.name, in: id), at: parent)
            }
        case .entry(.removed):
            directories[id]?.gotNearer = true
            progress.files += 1
        case .entry(.gone): break
        case .directoryRemoved: return close(id, isRemoved: true)
        case .directoryGone: return close(id, isRemoved: false)
        case .notEmpty:
            directories[id]?.isListed = false
            directories[id]?.gotNearer = false
        }
        if open.end(in: id) { ready.append(id) }
    }

    func path(of work: Work) -> String {
        if case .remove(let entry, _) = work.step { return open.path(of: work.directory, entry: entry.name) }
        return open.path(of: work.directory)
    }

    private mutating func list(_ directory: Directory, _ id: Int) -> Step {
        let wastedRounds = directory.wastedRounds + (directory.gotNearer ? 0 : 1)
        directories[id]?.wastedRounds = wastedRounds
        guard wastedRounds < Self.patience else { return .giveUp }
        listing += 1
        return .list(directory.found.handle)
    }

    private mutating func take(_ entries: [DirectoryEntry], isLastPage: Bool, in id: Int) {
        directories[id]?.waiting = entries[...]
        directories[id]?.isListed = isLastPage
        directories[id]?.gotNearer = false
        open.begin(entries.count, in: id)
        if !entries.isEmpty { emptying.append(id) }
    }

    private mutating func add(_ found: FoundDirectory, as id: Int, at parent: FileHandle) {
        directories[id] = Directory(found: found, parent: parent)
        ready.append(id)
    }

    private mutating func close(_ id: Int, isRemoved: Bool) {
        if isRemoved {
            progress.directories += 1
            if let parent = open.parent(of: id) { directories[parent]?.gotNearer = true }
        }
        directories[id] = nil
        if let parent = open.close(id) { ready.append(parent) }
    }
}

/// A directory met in the listing of another.
struct FoundDirectory: Hashable, Sendable {
    let name: NFSName
    let handle: FileHandle
}

/// The result of ``Export/removeTree(_:in:callsAtOnce:onProgress:)``.
package struct RemovedTree: Hashable, Sendable {
    package var directories = 0
    /// Everything else: files, symbolic links, devices, sockets, FIFOs.
    package var files = 0
}
