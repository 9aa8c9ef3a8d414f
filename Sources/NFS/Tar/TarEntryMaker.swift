import Logging
import Tar

/// Creates the entries of a tar archive on an export, with sequential calls for each. It replaces what an earlier
/// attempt left, so a call whose reply was lost can be retried.
struct TarEntryMaker: Sendable {
    let export: Export

    /// Creates a directory that only its owner may use until ``Export/settle(_:to:from:)``.
    ///
    /// - Returns: The directory, which may have existed before.
    func makeDirectory(_ name: NFSName, in parent: FileHandle, _ wanted: Attributes) async throws(NFSError) -> Node {
        let call = RPCCall.makeDirectory(name, in: parent, initial(wanted, mode: 0o700))
        return try await again { () throws(NFSError) in try await madeOrFound(call, name, in: parent) }
    }

    /// Creates an empty file that only its owner may use until ``Export/settle(_:to:from:)``.
    func makeFile(_ name: NFSName, in parent: FileHandle, _ wanted: Attributes) async throws(NFSError) -> Node {
        try await again { () throws(NFSError) in
            try await make(.createFile(name, in: parent, initial(wanted, mode: 0o600)), name, in: parent)
        }
    }

    /// Creates a file whose contents one call can write.
    func makeFile(
        _ name: NFSName,
        in parent: FileHandle,
        _ wanted: Attributes,
        _ content: [UInt8]
    ) async throws(NFSError) {
        try await again { () throws(NFSError) in
            let call = RPCCall.createFile(name, in: parent, initial(wanted, mode: 0o600))
            let made = try await make(call, name, in: parent)
            if !content.isEmpty { try await export.writeDurably(content, to: made.handle, name) }
            try await export.settle(made.handle, to: wanted, from: made.attributes)
        }
    }

    /// Writes a chunk into an empty range of a file; a chunk that is all zeros is skipped.
    func write(_ chunk: [UInt8], to file: FileHandle, at offset: UInt64) async throws(NFSError) -> WrittenParts {
        try await again { () throws(NFSError) in try await export.writePart(chunk, to: file, at: offset) }
    }

    /// Commits a file's chunks to the server's disk, and sets its length and attributes.
    func finish(_ file: Node, _ wanted: Attributes, _ written: WrittenParts) async throws(NFSError) {
        try await again { () throws(NFSError) in
            if !written.verifiers.isEmpty {
                let verifiers = written.verifiers.union([try await export.commit(file.handle)])
                // The archive's bytes are gone by now, so what the server lost cannot be written again.
                guard verifiers.count == 1 else {
                    throw export.error(
                        .serverFault,
                        "write",
                        "",
                        "the server restarted and may have lost a part; start again"
                    )
                }
            }
            if written.end < wanted.size { try await export.set(AttributeChanges(size: wanted.size), of: file.handle) }
            try await export.settle(file.handle, to: wanted, from: file.attributes)
        }
    }

    /// Creates a symbolic link, a device or a FIFO.
    func makeOther(_ header: TarHeader, _ name: NFSName, in parent: FileHandle) async throws(NFSError) {
        let wanted = header.attributes
        let call: RPCCall<PartialNode> =
            if header.kind == .symbolicLink {
                .makeSymbolicLink(name, in: parent, to: header.target, initial(wanted, mode: nil))
            } else {
                .makeSpecialFile(
                    name,
                    in: parent,
                    type: wanted.type,
                    device: wanted.device,
                    initial(wanted, mode: 0o600)
                )
            }
        try await again { () throws(NFSError) in
            let made = try await make(call, name, in: parent)
            try await export.settle(made.handle, to: wanted, from: made.attributes)
        }
    }

    /// Creates a hard link to an existing file.
    func link(_ file: Node, as name: NFSName, in parent: FileHandle) async throws(NFSError) {
        try await again { () throws(NFSError) in try await linkOnce(file, as: name, in: parent) }
    }

    /// Looks up a directory on an entry's path.
    ///
    /// - Throws: `TarError` if it does not exist or is not a directory.
    func directory(_ name: NFSName, in parent: FileHandle, for header: TarHeader) async throws -> Node {
        guard let node = try await lookupIfPresent(name, in: parent) else {
            throw TarError(header.path, "the archive has no directory \(name) before it")
        }
        guard node.attributes.type == .directory else {
            throw TarError(header.path, "its path leads through the \(node.attributes.type) \(name)")
        }
        return node
    }

    // MARK: Steps

    /// Runs `body`, and again if a reply was lost.
    private func again<Value>(_ body: () async throws(NFSError) -> Value) async throws(NFSError) -> Value {
        for _ in 1..<TreeCopy.triesAtMost {
            do {
                return try await body()
            } catch let error where error.mayHaveWorked {
                export.logger.debug("retrying to unpack an entry", metadata: ["error": "\(error)"])
            }
        }
        return try await body()
    }

    private func lookupIfPresent(_ name: NFSName, in parent: FileHandle) async throws(NFSError) -> Node? {
        do {
            return try await export.lookup(name, in: parent)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    private func madeOrFound(
        _ call: RPCCall<PartialNode>,
        _ name: NFSName,
        in parent: FileHandle
    ) async throws(NFSError) -> Node {
        do {
            return try await export.complete(try await export.perform(call), name, in: parent)
        } catch let error where error.code == .alreadyExists {
            let found = try await export.lookup(name, in: parent)
            guard found.attributes.type == .directory else {
                throw export.error(.unsupported, "unpack", "", "the archive has it as a \(found.attributes.type) too")
            }
            return found
        }
    }

    private func linkOnce(_ file: Node, as name: NFSName, in parent: FileHandle) async throws(NFSError) {
        do {
            _ = try await export.perform(.link(file.handle, as: name, in: parent))
        } catch let error where error.code == .alreadyExists {
            guard try await export.lookup(name, in: parent).attributes.fileid != file.attributes.fileid else { return }
            try await clear(name, in: parent)
            _ = try await export.perform(.link(file.handle, as: name, in: parent))
        }
    }

    private func make(
        _ call: RPCCall<PartialNode>,
        _ name: NFSName,
        in parent: FileHandle
    ) async throws(NFSError) -> Node {
        do {
            return try await export.complete(try await export.perform(call), name, in: parent)
        } catch let error where error.code == .alreadyExists {
            try await clear(name, in: parent)
            return try await export.complete(try await export.perform(call), name, in: parent)
        }
    }

    private func clear(_ name: NFSName, in parent: FileHandle) async throws(NFSError) {
        guard try await export.lookup(name, in: parent).attributes.type != .directory else {
            throw export.error(.unsupported, "unpack", "", "the archive has it as a directory too")
        }
        try await export.remove(name, in: parent)
    }

    private func initial(_ wanted: Attributes, mode: UInt32?) -> AttributeChanges {
        AttributeChanges(mode: mode, uid: wanted.uid, gid: wanted.gid)
    }
}
