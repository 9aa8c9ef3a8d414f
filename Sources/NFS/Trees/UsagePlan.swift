/// The pages of a tree's directories that are still to be read, and the sum of those already read. It works depth
/// first, so its memory grows with the tree's depth; of files, it remembers only those with several names.
struct UsagePlan: TreePlan {
    /// A page of a directory's listing to be read.
    struct Work: Sendable {
        let directory: Int
        let handle: FileHandle
        let cursor: DirectoryCursor
    }

    private(set) var progress = TreeUsage()
    private let fsid: UInt64
    private var directories = OpenDirectories()
    private var waiting: [Work] = []
    private var linkedFiles: Set<UInt64> = []

    init(top: Node) {
        fsid = top.attributes.fsid
        progress.add(top.attributes)
        waiting = [Work(directory: directories.open(), handle: top.handle, cursor: .start)]
        directories.begin(in: waiting[0].directory)
    }

    mutating func next() -> Work? { waiting.popLast() }

    mutating func finish(_ work: Work, _ page: TreePage) {
        // Goes below its subdirectories on the stack, so that they are read first.
        if let next = page.next {
            directories.begin(in: work.directory)
            waiting.append(Work(directory: work.directory, handle: work.handle, cursor: next))
        }
        for entry in page.entries { add(entry, in: work.directory) }
        guard directories.end(in: work.directory) else { return }
        var done: Int? = work.directory
        while let directory = done { done = directories.close(directory) }
    }

    func path(of work: Work) -> String { directories.path(of: work.directory) }

    private mutating func add(_ entry: TreeEntry, in directory: Int) {
        if entry.attributes.type == .directory {
            guard entry.attributes.fsid == fsid else {
                progress.skipped += 1
                return
            }
            let id = directories.open(entry.name, in: directory)
            directories.begin(in: id)
            waiting.append(Work(directory: id, handle: entry.node.handle, cursor: .start))
        } else if entry.isHardLink, !linkedFiles.insert(entry.attributes.fileid).inserted {
            return
        }
        progress.add(entry.attributes)
    }
}
