/// What of a tree is to be removed next: what is in a directory before the directory, and the deepest first, so that what it
/// remembers grows with the tree's depth, not with its size.
///
/// A server changes the entries of one directory one after another, and those of different directories side by side: so
/// several are emptied at a time, an entry of each in turn.
struct RemovalPlan: TreePlan {
    /// A step in a directory of the tree.
    struct Work: Sendable {
        let directory: Int
        let step: Step
    }

    enum Step: Sendable {
        /// Reads its first page. From the start each time: what was listed before is gone, and a cookie into a directory
        /// that changes may skip.
        case list(FileHandle)
        case remove(DirectoryEntry, in: FileHandle)
        /// Removes the directory itself.
        case removeDirectory(NFSName, in: FileHandle)
        /// It does not get empty: somebody goes on writing into it.
        case giveUp
    }

    enum Outcome: Sendable {
        case listed([DirectoryEntry], isLastPage: Bool)
        case entry(EntryOutcome)
        case directoryRemoved
        /// It is gone, or its name is another's now.
        case directoryGone
        case notEmpty
    }

    enum EntryOutcome: Sendable {
        case removed
        /// Somebody else has removed it.
        case gone
        /// It is a directory, which has to be emptied first.
        case directory(FoundDirectory)
    }

    /// A directory that is not removed yet.
    private struct Directory {
        let found: FoundDirectory
        let parent: FileHandle
        /// Entries that nobody works on yet.
        var waiting: ArraySlice<DirectoryEntry> = []
        /// Whether all of it was listed, so that it is empty when all that was listed is gone.
        var isListed = false
        /// Whether it is nearer to its end than when it was last listed.
        var gotNearer = true
        var wastedRounds = 0

        var removal: Step { .removeDirectory(found.name, in: parent) }
    }

    /// After how many listings that brought it no nearer to its end a directory is given up: nothing in it was removed, or all
    /// that was listed and yet it was not empty. They are never forgiven, or whoever goes on writing into a directory that was
    /// emptied would keep the removal going for good.
    private static let patience = 16

    private(set) var progress = RemovedTree()
    private let directoriesAtOnce: Int
    private var open = OpenDirectories()
    private var directories: [Int: Directory] = [:]
    /// Those in which nothing is under way.
    private var ready: [Int] = []
    /// Those with entries that wait, the one whose turn it is first.
    private var emptying: [Int] = []
    /// How many are being listed.
    private var listing = 0

    /// - Parameters:
    ///   - top: The top of the tree.
    ///   - parent: Where it is.
    ///   - directoriesAtOnce: How many directories to empty at a time, if there are so many.
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
            // Gives back the memory of the whole page: a parent waits for all that is below it.
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

/// What ``Export/removeTree(_:in:callsAtOnce:onProgress:)`` removed.
package struct RemovedTree: Hashable, Sendable {
    package var directories = 0
    /// Everything else: files, symbolic links, devices, sockets, FIFOs.
    package var files = 0
}
