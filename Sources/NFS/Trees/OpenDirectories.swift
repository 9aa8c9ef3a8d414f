/// The directories of a tree that have pending work: how much, and where they are in the tree. It keeps only those, so
/// it does not grow with the tree's files.
struct OpenDirectories: Sendable {
    private struct Directory {
        let name: NFSName?
        let parent: Int?
        /// Pieces of work, plus subdirectories that are open themselves.
        var pending = 0
    }

    private var directories: [Int: Directory] = [:]
    private var nextID = 0

    /// Adds a directory, which is pending in its parent until it is closed; the top of the tree has neither name nor
    /// parent.
    ///
    /// - Returns: The directory's identifier.
    mutating func open(_ name: NFSName? = nil, in parent: Int? = nil) -> Int {
        if let parent { begin(in: parent) }
        defer { nextID += 1 }
        directories[nextID] = Directory(name: name, parent: parent)
        return nextID
    }

    /// The parent of a directory; `nil` for the top of the tree.
    func parent(of id: Int) -> Int? { directories[id]?.parent }

    /// Notes pieces of work in a directory.
    mutating func begin(_ count: Int = 1, in id: Int) { directories[id]?.pending += count }

    /// Notes that one of them is done.
    ///
    /// - Returns: Whether it was the last.
    mutating func end(in id: Int) -> Bool {
        directories[id]?.pending -= 1
        return directories[id]?.pending == 0
    }

    /// Forgets a directory.
    ///
    /// - Returns: Its parent if that has nothing left to do now.
    mutating func close(_ id: Int) -> Int? {
        guard let parent = directories.removeValue(forKey: id)?.parent else { return nil }
        return end(in: parent) ? parent : nil
    }

    /// The path of a directory, or of an entry in it, below the top, for display.
    func path(of id: Int, entry: NFSName? = nil) -> String {
        let chain = sequence(first: directories[id]) { $0?.parent.flatMap { directories[$0] } }
        let names = chain.compactMap { $0?.name }.reversed() + (entry.map { [$0] } ?? [])
        return names.isEmpty ? "." : printablePath(names)
    }
}
