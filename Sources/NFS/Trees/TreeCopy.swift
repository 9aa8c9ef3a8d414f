import Logging
import Synchronization

/// Performs the work of a ``CopyPlan``, with sequential calls for each piece.
struct TreeCopy: Sendable {
    typealias Outcome = CopyPlan.Outcome

    /// The most attempts for a call whose reply is lost, or for a file that changes while it is copied.
    static let triesAtMost = 3

    let export: Export
    let source: TreeSource
    /// The attributes of the top of the copy.
    let destination: Attributes
    let claims = ClaimedLinks()

    /// Performs a piece of work, and retries it if a reply is lost: each attempt first checks what exists already.
    func perform(_ work: CopyPlan.Work) async throws(NFSError) -> Outcome {
        for _ in 1..<Self.triesAtMost {
            do {
                return try await attempt(work)
            } catch let error where error.mayHaveWorked {
                export.logger.debug("retrying to copy an entry", metadata: ["error": "\(error)"])
            }
        }
        return try await attempt(work)
    }

    private func attempt(_ work: CopyPlan.Work) async throws(NFSError) -> Outcome {
        switch work {
        case .source(let directory, let cursor):
            return .source(try await source.page(of: directory.source, from: cursor) ?? .end)
        case .destination(let directory, let cursor):
            let page = try await export.readDirectory(directory.destination.handle, from: cursor)
            return .destination(page.entries.map(\.name), next: page.next)
        case .surplus(let name, let directory):
            try await removeSurplus(name, of: directory)
            return .done
        case .copy(let file):
            try await source.requireSameFileSystem(file.entry)
            return try await copy(file)
        case .link(let file, let made):
            try await source.requireSameFileSystem(file.entry)
            return try await link(file, to: made)
        case .part(let large, let offset): return .part(try await copyPart(of: large, at: offset))
        case .finishFile(let large, let written): return try await finish(large, written)
        case .finishDirectory(let directory):
            let made = directory.destination
            try await export.settle(made.handle, to: directory.source.attributes, from: made.attributes)
            return .done
        }
    }

    /// Removes an entry that the source provably does not have; if the source's directory is gone, it has none.
    private func removeSurplus(_ name: NFSName, of directory: CopyPlan.Directory) async throws(NFSError) {
        guard try await source.find(name, in: directory.source) == nil else { return }
        if let node = try await existing(name, in: directory) { try await clear(name, node, in: directory) }
    }

    // MARK: Entries

    private func copy(_ file: CopyPlan.File) async throws(NFSError) -> Outcome {
        guard file.entry.attributes.type != .directory else { return try await makeDirectory(file) }
        guard file.directory.isNew, file.tries == 0 else { return try await copy(file, over: try await existing(file)) }
        do {
            return try await copy(file, over: nil)
        } catch let error where error.code == .alreadyExists || error.mayHaveWorked {
            return try await copy(file, over: try await existing(file))
        }
    }

    /// Copies an entry that is not a directory. It reuses an existing entry of that name if possible, and otherwise
    /// removes it.
    private func copy(_ file: CopyPlan.File, over found: Node?) async throws(NFSError) -> Outcome {
        var found = found
        if let node = found, !isOfUse(node, for: file.entry) {
            try await clear(file.entry.name, node, in: file.directory)
            found = nil
        }
        switch file.entry.attributes.type {
        case .regular: return try await copyRegular(file, over: found)
        case .symbolicLink: return try await copyLink(file, over: found)
        case .fifo, .socket, .blockDevice, .characterDevice: return try await copySpecial(file, over: found)
        case .directory, .unknown: throw export.error(.unsupported, "copy", "", "it is of an unknown type")
        }
    }

    /// Whether an entry of the destination can become the copy of the source's entry. A file with several names must
    /// not be changed under one of them: it is usable only unchanged, and for one file of the source.
    private func isOfUse(_ node: Node, for entry: TreeEntry) -> Bool {
        guard node.attributes.type == entry.attributes.type else { return false }
        guard node.attributes.nlink > 1 else { return true }
        return entry.isHardLink && node.attributes.isAlike(entry.attributes) && claims.claim(node.attributes.fileid)
    }

    private func makeDirectory(_ file: CopyPlan.File) async throws(NFSError) -> Outcome {
        let (entry, directory) = (file.entry, file.directory)
        try requireOther(entry.attributes, than: destination, "\(entry.name)")
        if !directory.isNew, let made = try await existingDirectory(file) { return .directory(made, isNew: false) }
        do {
            let call = RPCCall.makeDirectory(entry.name, in: directory.destination.handle, initial(entry, mode: 0o700))
            return .directory(try await make(call, file), isNew: true)
        } catch let error where error.code == .alreadyExists || error.mayHaveWorked {
            guard let made = try await existingDirectory(file) else { throw error }
            return .directory(made, isNew: false)
        }
    }

    /// The destination's directory of that name; anything else of that name is removed.
    private func existingDirectory(_ file: CopyPlan.File) async throws(NFSError) -> Node? {
        guard let node = try await existing(file) else { return nil }
        if node.attributes.type != .directory {
            try await clear(file.entry.name, node, in: file.directory)
            return nil
        }
        guard node.attributes.fsid == destination.fsid else {
            throw export.error(.crossesFileSystem, "copy", "", "another file system is mounted there in the copy")
        }
        return node
    }

    private func copyLink(_ file: CopyPlan.File, over found: Node?) async throws(NFSError) -> Outcome {
        let entry = file.entry
        let target: [UInt8]
        switch try await source.read(entry, in: file.directory.source, export.target(of:)) {
        case .value(let bytes): target = bytes
        case .replaced(let node): return try again(file, node)
        case .gone: return try await vanished(file)
        }
        if let found {
            if found.attributes.isAlike(entry.attributes), try await export.target(of: found.handle) == target {
                return try await keep(found, for: entry)
            }
            try await clear(entry.name, found, in: file.directory)
        }
        guard target.count <= Self.longestTarget else {
            let reason = "its target is \(target.count) bytes long; the limit is \(Self.longestTarget)"
            throw export.error(.unsupported, "symlink", "", reason)
        }
        let directory = file.directory.destination.handle
        let call = RPCCall.makeSymbolicLink(entry.name, in: directory, to: target, initial(entry, mode: nil))
        let made = try await make(call, file)
        try await export.settle(made.handle, to: entry.attributes, from: made.attributes)
        return .file(made)
    }

    /// libnfs has 4 KiB for the arguments of a call.
    static let longestTarget = 3500

    private func copySpecial(_ file: CopyPlan.File, over found: Node?) async throws(NFSError) -> Outcome {
        let wanted = file.entry.attributes
        let isDevice = wanted.type == .blockDevice || wanted.type == .characterDevice
        if let found {
            if !isDevice || found.attributes.device == wanted.device { return try await keep(found, for: file.entry) }
            try await clear(file.entry.name, found, in: file.directory)
        }
        let call = RPCCall.makeSpecialFile(
            file.entry.name,
            in: file.directory.destination.handle,
            type: wanted.type,
            device: wanted.device,
            initial(file.entry, mode: 0o600)
        )
        let made = try await make(call, file)
        try await export.settle(made.handle, to: wanted, from: made.attributes)
        return .file(made)
    }

    private func link(_ file: CopyPlan.File, to made: Node) async throws(NFSError) -> Outcome {
        let (name, directory) = (file.entry.name, file.directory)
        if let found = try await existing(file) {
            if found.attributes.fileid == made.attributes.fileid { return .file(made, isKept: true) }
            try await clear(name, found, in: directory)
        }
        _ = try await export.perform(.link(made.handle, as: name, in: directory.destination.handle))
        return .file(made)
    }
}

// The common steps of copying entries of any kind.

extension TreeCopy {
    /// The destination's entry of the same name.
    func existing(_ file: CopyPlan.File) async throws(NFSError) -> Node? {
        try await existing(file.entry.name, in: file.directory)
    }

    func existing(_ name: NFSName, in directory: CopyPlan.Directory) async throws(NFSError) -> Node? {
        do {
            return try await export.lookup(name, in: directory.destination.handle)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    /// Removes an entry of the destination.
    func clear(_ name: NFSName, _ node: Node, in directory: CopyPlan.Directory) async throws(NFSError) {
        guard node.attributes.type != .directory else {
            try requireOther(node.attributes, than: source.top.attributes, "\(name)")
            _ = try await export.removeTree(name, in: directory.destination.handle, callsAtOnce: 1)
            return
        }
        do {
            try await export.remove(name, in: directory.destination.handle)
        } catch let error where error.code == .notFound {}
    }

    /// Handles an entry that provably vanished from the source: the copy must not have it either.
    func vanished(_ file: CopyPlan.File) async throws(NFSError) -> Outcome {
        if let node = try await existing(file) { try await clear(file.entry.name, node, in: file.directory) }
        return .file(nil)
    }

    /// The initial attributes of a new entry. Only its owner may use it until it is complete.
    func initial(_ entry: TreeEntry, mode: UInt32?) -> AttributeChanges {
        AttributeChanges(mode: mode, uid: entry.attributes.uid, gid: entry.attributes.gid)
    }

    /// Creates an entry of the destination.
    func make(_ call: RPCCall<PartialNode>, _ file: CopyPlan.File) async throws(NFSError) -> Node {
        let made = try await export.perform(call)
        return try await export.complete(made, file.entry.name, in: file.directory.destination.handle)
    }

    /// Keeps a complete file, and corrects only attributes that differ.
    func keep(_ found: Node, for entry: TreeEntry) async throws(NFSError) -> Outcome {
        let (now, wanted) = (found.attributes, entry.attributes)
        let isComplete = now.mode == wanted.mode && now.uid == wanted.uid && now.gid == wanted.gid
        if !isComplete || now.mtime != wanted.mtime { try await export.settle(found.handle, to: wanted, from: now) }
        return .file(found, isKept: true)
    }

    /// Checks that two directories differ: one is on the file system of the source, the other on that of the copy.
    ///
    /// - Throws: ``NFSError/Code/unsupported`` if the two are one directory, which would be copied into itself.
    func requireOther(_ one: Attributes, than other: Attributes, _ subject: String) throws(NFSError) {
        guard one.fileid != other.fileid || source.top.attributes.fsid != destination.fsid else {
            throw export.error(.unsupported, "copy", subject, "source and destination must not contain each other")
        }
    }
}

extension Export {
    /// Sets the final attributes of a file that is complete otherwise. The owner comes first, because a server clears
    /// the set-uid bit when the owner changes. The modification time comes last, because it marks the file as complete.
    func settle(_ file: FileHandle, to wanted: Attributes, from now: Attributes) async throws(NFSError) {
        if now.uid != wanted.uid || now.gid != wanted.gid {
            try await set(AttributeChanges(uid: wanted.uid, gid: wanted.gid), of: file)
        }
        let mode = wanted.type == .symbolicLink ? nil : wanted.mode
        try await set(AttributeChanges(mode: mode, mtime: wanted.mtime), of: file)
    }

    func set(_ changes: AttributeChanges, of file: FileHandle) async throws(NFSError) {
        _ = try await perform(.setAttributes(of: file, to: changes))
    }
}

extension Attributes {
    /// Whether a file has the length and the modification time of another, so that it is a complete copy of it. For a
    /// symbolic link, only the length counts: some servers (nfs-ganesha 4) cannot set its time, and do not report that.
    func isAlike(_ other: Attributes) -> Bool {
        size == other.size && (mtime == other.mtime || type == .symbolicLink)
    }
}

extension NFSError {
    /// Whether the call may have succeeded all the same, and can be retried.
    var mayHaveWorked: Bool { code == .timedOut || code == .disconnected }
}

/// The files with several names, found in the destination of a copy, that already stand for a file of the source.
final class ClaimedLinks: Sendable {
    private let fileids = Mutex<Set<UInt64>>([])

    /// - Returns: `false` if the file is taken.
    func claim(_ fileid: UInt64) -> Bool { fileids.withLock { $0.insert(fileid).inserted } }
}
