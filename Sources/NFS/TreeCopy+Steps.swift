// The steps that copying every kind of entry is made of.

extension TreeCopy {
    /// What has an entry's name in the destination.
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

    /// Removes what has a name in the destination.
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

    /// The entry is proven to have vanished from the source, and is not to be in the copy either.
    func vanished(_ file: CopyPlan.File) async throws(NFSError) -> Outcome {
        if let node = try await existing(file) { try await clear(file.entry.name, node, in: file.directory) }
        return .file(nil)
    }

    /// What a new entry begins with. Nobody but its owner may use it until it is complete.
    func initial(_ entry: TreeEntry, mode: UInt32?) -> AttributeChanges {
        AttributeChanges(mode: mode, uid: entry.attributes.uid, gid: entry.attributes.gid)
    }

    /// Makes an entry of the destination.
    func make(_ call: RPCCall<PartialNode>, _ file: CopyPlan.File) async throws(NFSError) -> Node {
        let made = try await export.perform(call)
        return try await export.complete(made, file.entry.name, in: file.directory.destination.handle)
    }

    /// Leaves a complete file as it is, but for attributes that differ.
    func keep(_ found: Node, for entry: TreeEntry) async throws(NFSError) -> Outcome {
        let (now, wanted) = (found.attributes, entry.attributes)
        let isComplete = now.mode == wanted.mode && now.uid == wanted.uid && now.gid == wanted.gid
        if !isComplete || now.mtime != wanted.mtime { try await export.settle(found.handle, to: wanted, from: now) }
        return .file(found, isKept: true)
    }

    /// Of directories that are known to lie on the file system of the source, and on that of the copy.
    ///
    /// - Throws: ``NFSError/Code/unsupported`` if the two are one directory, which would be copied into itself.
    func requireOther(_ one: Attributes, than other: Attributes, _ subject: String) throws(NFSError) {
        guard one.fileid != other.fileid || source.top.attributes.fsid != destination.fsid else {
            throw export.error(.unsupported, "copy", subject, "source and destination must not be in each other")
        }
    }
}

extension Export {
    /// Gives what is complete but for its attributes those that it shall have. The owner comes first, because a server
    /// takes the set-uid bit away with the old one; the modification time comes last, because it says that all is there.
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
    /// Whether a file has the length and the modification time of another, so that it is a complete copy of it. Of a
    /// symbolic link only the length: some servers (nfs-ganesha 4) cannot set its time, and do not say so.
    func isAlike(_ other: Attributes) -> Bool {
        size == other.size && (mtime == other.mtime || type == .symbolicLink)
    }
}

extension NFSError {
    /// Whether what was asked for may have been done all the same, and can be asked for again.
    var mayHaveWorked: Bool { code == .timedOut || code == .disconnected }
}
