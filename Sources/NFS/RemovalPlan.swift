/// Which directories of a tree still have to be emptied, and in what order: a directory after all those in it. It keeps
/// a stack, so what it remembers grows with the tree's depth, not with its size.
struct RemovalPlan {
    /// A directory of the tree, and the entry it was found as.
    struct Directory: Sendable {
        let id: Int
        let handle: FileHandle
        let name: NFSName
        let parent: FileHandle
        /// Whether all of it was listed and removed, so that it may be empty now.
        fileprivate(set) var isListed = false

        fileprivate let parentID: Int?
        fileprivate var subdirectories = 0
        fileprivate var wastedRounds = 0

        fileprivate init(id: Int, found: FoundDirectory, in parent: FileHandle, parentID: Int?) {
            self.id = id
            handle = found.handle
            name = found.name
            self.parent = parent
            self.parentID = parentID
        }
    }

    /// What one round of work on a directory came to.
    struct Round: Sendable {
        /// How many entries were removed that are not directories.
        var files = 0
        /// The directories it met, which have to go first.
        var subdirectories: [FoundDirectory] = []
        /// Whether the listing came to its end.
        var isListed = false
        /// Whether the directory itself is gone.
        var isGone = false
    }

    /// How many rounds in all may remove nothing from a directory, or all that was listed and yet not leave it empty.
    /// They are never forgiven, or whoever goes on writing into the tree would keep the removal going for good.
    private static let patience = 16

    private(set) var removed = RemovedTree()
    private var directories: [Int: Directory] = [:]
    private var ready: [Int] = []
    private var nextID = 0

    init(_ top: FoundDirectory, in parent: FileHandle) {
        add(top, in: parent, parentID: nil)
    }

    /// The directory to work on next. Each is handed out once until ``finish(_:of:)`` tells what came of it.
    mutating func next() -> Directory? {
        ready.popLast().flatMap { directories[$0] }
    }

    /// Takes in a round of work.
    ///
    /// - Returns: `false` if the directory does not get empty.
    mutating func finish(_ round: Round, of id: Int) -> Bool {
        guard var directory = directories.removeValue(forKey: id) else { return true }
        removed.files += round.files
        if round.isGone {
            removed.directories += 1
            finishSubdirectory(of: directory.parentID)
            return true
        }
        directory.isListed = round.isListed
        directory.subdirectories = round.subdirectories.count
        if round.isListed || round.files == 0 && round.subdirectories.isEmpty { directory.wastedRounds += 1 }
        directories[id] = directory
        if round.subdirectories.isEmpty { ready.append(id) }
        for found in round.subdirectories { add(found, in: directory.handle, parentID: id) }
        return directory.wastedRounds < Self.patience
    }

    /// Where a directory is in the tree, for people.
    func path(of id: Int) -> String {
        let chain = sequence(first: directories[id]) { $0?.parentID.flatMap { directories[$0] } }
        return printablePath(chain.compactMap { $0?.name }.reversed())
    }

    private mutating func finishSubdirectory(of parent: Int?) {
        guard let parent, var directory = directories[parent] else { return }
        directory.subdirectories -= 1
        directories[parent] = directory
        if directory.subdirectories == 0 { ready.append(parent) }
    }

    private mutating func add(_ found: FoundDirectory, in parent: FileHandle, parentID: Int?) {
        directories[nextID] = Directory(id: nextID, found: found, in: parent, parentID: parentID)
        ready.append(nextID)
        nextID += 1
    }
}
