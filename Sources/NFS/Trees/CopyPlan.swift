/// The remaining work of a tree copy, in order: depth first, a directory's attributes after everything in it. Its
/// memory grows with the tree's depth; of files, it remembers only those with several names.
struct CopyPlan: TreePlan {
    /// A directory of the source and the one it is copied into.
    struct Directory: Sendable {
        let id: Int
        let source: SourceDirectory
        let destination: Node
        /// Whether this copy created it, so that it is empty at first.
        let isNew: Bool
    }

    /// An entry of the source to copy, and the number of earlier attempts.
    struct File: Sendable {
        let entry: TreeEntry
        let directory: Directory
        var tries = 0
        /// The fileid of the file that its other names wait for, while this entry is still that file.
        var linkedFileID: UInt64?
    }

    enum Work: Sendable {
        /// List a page of the source.
        case source(Directory, from: DirectoryCursor)
        /// List a page of the destination.
        case destination(Directory, from: DirectoryCursor)
        /// Remove an entry of the destination if the source has none of the name.
        case surplus(NFSName, Directory)
        case copy(File)
        /// Make an entry another name of a file of the destination.
        case link(File, to: Node)
        /// Copy the part of a large file that begins at `offset`.
        case part(LargeFile, offset: UInt64)
        case finishFile(LargeFile, WrittenParts)
        case finishDirectory(Directory)
    }

    enum Outcome: Sendable {
        case source(TreePage)
        case destination([NFSName], next: DirectoryCursor?)
        case directory(Node, isNew: Bool)
        /// The entry is done: what it is in the destination, `nil` if it vanished from the source.
        case file(Node?, bytes: UInt64 = 0, isKept: Bool = false)
        case large(Node)
        case part(WrittenParts)
        /// The file has to be copied again; its name stands for this node now.
        case again(Node)
        case done
    }

    /// A file being copied in parts.
    struct LargeFile: Sendable {
        let id: Int
        let file: File
        let destination: Node
    }

    private(set) var progress = CopiedTree()
    private var directories = OpenDirectories()
    private var finishing: [Int: Directory] = [:]
    private var waiting: [Work] = []
    private var parts = FileParts()
    private var links = HardLinks<File>()

    init(from source: SourceDirectory, into destination: Node) {
        let top = Directory(id: directories.open(), source: source, destination: destination, isNew: false)
        begin(top)
    }

    mutating func next() -> Work? {
        while case .part(let large, _)? = waiting.last {
            // It stays on top until all of its parts were handed out.
            if let offset = parts.next(of: large.id) { return .part(large, offset: offset) }
            waiting.removeLast()
        }
        return waiting.popLast()
    }

    mutating func finish(_ work: Work, _ outcome: Outcome) {
        switch (work, outcome) {
        case (.source(let directory, _), .source(let page)):
            // Goes below its entries on the stack, so that they are done first.
            if let next = page.next { add(.source(directory, from: next), in: directory) }
            for entry in page.entries { add(entry, in: directory) }
            end(in: directory)
        case (.destination(let directory, _), .destination(let names, let next)):
            if let next { add(.destination(directory, from: next), in: directory) }
            for name in names { add(.surplus(name, directory), in: directory) }
            end(in: directory)
        case (.copy(let file), .directory(let made, let isNew)):
            begin(
                Directory(
                    id: directories.open(file.entry.name, in: file.directory.id),
                    source: SourceDirectory(file.entry, in: file.directory.source),
                    destination: made,
                    isNew: isNew
                )
            )
            end(in: file.directory)
        case (.copy(let file), .large(let made)):
            let id = parts.add(size: file.entry.attributes.size)
            waiting.append(.part(LargeFile(id: id, file: file, destination: made), offset: 0))
        case (.part(let large, _), .part(let written)):
            progress.bytes += written.bytes
            if let all = parts.finish(written, of: large.id) { waiting.append(.finishFile(large, all)) }
        case (.copy(let file), .again(let node)): copyAgain(file, node)
        case (.finishFile(let large, _), .again(let node)): copyAgain(large.file, node)
        case (.copy(let file), .file(let made, let bytes, let isKept)),
            (.link(let file, _), .file(let made, let bytes, let isKept)):
            finish(file, made, bytes: bytes, isKept: isKept)
        case (.finishFile(let large, _), .file(let made, _, _)):
            finish(large.file, made)
        case (.surplus(_, let directory), _):
            end(in: directory)
        case (.finishDirectory(let directory), _):
            progress.directories += 1
            if let parent = directories.close(directory.id) { finishDirectory(parent) }
        default:
            preconditionFailure("an outcome does not fit its work")
        }
    }

    func path(of work: Work) -> String {
        switch work {
        case .source(let directory, _), .destination(let directory, _), .finishDirectory(let directory):
            directories.path(of: directory.id)
        case .surplus(let name, let directory): directories.path(of: directory.id, entry: name)
        case .copy(let file), .link(let file, _): directories.path(of: file.directory.id, entry: file.entry.name)
        case .part(let large, _), .finishFile(let large, _): path(of: .copy(large.file))
        }
    }

    private mutating func begin(_ directory: Directory) {
        finishing[directory.id] = directory
        add(.source(directory, from: .start), in: directory)
        if !directory.isNew { add(.destination(directory, from: .start), in: directory) }
    }

    private mutating func add(_ work: Work, in directory: Directory) {
        directories.begin(in: directory.id)
        waiting.append(work)
    }

    private mutating func add(_ entry: TreeEntry, in directory: Directory) {
        var file = File(entry: entry, directory: directory)
        guard entry.isHardLink else { return add(.copy(file), in: directory) }
        file.linkedFileID = entry.attributes.fileid
        directories.begin(in: directory.id)
        take(links.add(file, fileid: entry.attributes.fileid))
    }

    /// The name may stand for another file by now; the names that wait for the former one then stop waiting for it.
    private mutating func copyAgain(_ file: File, _ node: Node) {
        var next = File(
            entry: TreeEntry(name: file.entry.name, node: node),
            directory: file.directory,
            tries: file.tries + 1,
            linkedFileID: file.linkedFileID
        )
        if let fileid = file.linkedFileID, fileid != node.attributes.fileid || node.attributes.type == .directory {
            next.linkedFileID = nil
            take(links.finish(nil, fileid: fileid))
        }
        waiting.append(.copy(next))
    }

    private mutating func take(_ next: HardLinks<File>.Next?) {
        switch next {
        case .first(let file): waiting.append(.copy(file))
        case .others(let files, let made): waiting += files.map { .link($0, to: made) }
        case nil: break
        }
    }

    private mutating func finish(_ file: File, _ made: Node?, bytes: UInt64 = 0, isKept: Bool = false) {
        progress.bytes += bytes
        if isKept { progress.kept += 1 } else if made != nil { progress.files += 1 }
        if let fileid = file.linkedFileID { take(links.finish(made, fileid: fileid)) }
        end(in: file.directory)
    }

    private mutating func end(in directory: Directory) {
        if directories.end(in: directory.id) { finishDirectory(directory.id) }
    }

    private mutating func finishDirectory(_ id: Int) {
        if let directory = finishing.removeValue(forKey: id) { waiting.append(.finishDirectory(directory)) }
    }
}

/// The result of ``Export/copyTree(from:into:callsAtOnce:onProgress:)``.
package struct CopiedTree: Hashable, Sendable {
    /// Directories in the copy, including the top one.
    package var directories = 0
    /// Entries that this call copied, except directories; hard links are included.
    package var files = 0
    /// Entries found complete from an earlier attempt.
    package var kept = 0
    /// Bytes that this call read from the source.
    package var bytes: UInt64 = 0

    package init() {}
}

/// Tracks the files of a tree with several names: once a file is copied under one name, the others become links. Names
/// that come while the first is being copied wait for it.
struct HardLinks<Name: Sendable>: Sendable {
    enum Next: Sendable {
        /// Copy the file under this name.
        case first(Name)
        /// Link these names to what the file is in the copy.
        case others([Name], to: Node)
    }

    /// By fileid: the file in the copy, `nil` while it is being copied.
    private var files: [UInt64: Node?] = [:]
    private var waiting: [UInt64: [Name]] = [:]

    /// Adds a name of a file.
    ///
    /// - Returns: What to do now; `nil` if the name waits.
    mutating func add(_ name: Name, fileid: UInt64) -> Next? {
        guard let made = files[fileid] else {
            files[fileid] = .some(nil)
            return .first(name)
        }
        if let made { return .others([name], to: made) }
        waiting[fileid, default: []].append(name)
        return nil
    }

    /// Records what became of the first name, `nil` if it vanished; ignores the outcome of other names.
    mutating func finish(_ made: Node?, fileid: UInt64) -> Next? {
        guard case .some(nil) = files[fileid] else { return nil }
        if let made {
            files[fileid] = .some(made)
            return .others(waiting.removeValue(forKey: fileid) ?? [], to: made)
        }
        if let name = waiting[fileid]?.popLast() { return .first(name) }
        files.removeValue(forKey: fileid)
        waiting[fileid] = nil
        return nil
    }
}
