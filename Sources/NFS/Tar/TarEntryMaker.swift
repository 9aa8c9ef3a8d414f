import Logging
import Tar

/// Makes the entries of a tar archive on an export, one call after the other for each. What an earlier try left is
/// replaced, so that a call whose answer was lost can be made again.
struct TarEntryMaker: Sendable {
    let export: Export

    /// Makes a directory that only its owner may use until ``Export/settle(_:to:from:)``.
    ///
    /// - Returns: The directory, which may have been there.
    func makeDirectory(_ name: NFSName, in parent: FileHandle, _ wanted: Attributes) async throws(NFSError) -> Node {
        let call = RPCCall.makeDirectory(name, in: parent, initial(wanted, mode: 0o700))
        return try await again { () throws(NFSError) in try await madeOrFound(call, name, in: parent) }
    }

    /// Makes a file that is empty and its owner's alone until ``Export/settle(_:to:from:)``.
    func makeFile(_ name: NFSName, in parent: FileHandle, _ wanted: Attributes) async throws(NFSError) -> Node {
        try await again { () throws(NFSError) in
            try await make(.createFile(name, in: parent, initial(wanted, mode: 0o600)), name, in: parent)
        }
    }

    /// Makes a file of contents that one call writes.
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

    /// Writes a chunk of a file that is empty there; zeros need not be written.
    func write(_ chunk: [UInt8], to file: FileHandle, at offset: UInt64) async throws(NFSError) -> WrittenParts {
        try await again { () throws(NFSError) in try await export.writePart(chunk, to: file, at: offset) }
    }

    /// Has the server put a file's chunks on its disk, and gives it its length and attributes.
    func finish(_ file: Node, _ wanted: Attributes, _ written: WrittenParts) async throws(NFSError) {
        try await again { () throws(NFSError) in
            if !written.verifiers.isEmpty {
                let verifiers = written.verifiers.union([try await export.commit(file.handle)])
                // The archive is gone by, so what the server lost cannot be written again.
                guard verifiers.count == 1 else {
                    throw export.error(
                        .serverFault,
                        "write",
                        "",
                        "the server restarted and may have lost a part: begin again"
                    )
                }
            }
            if written.end < wanted.size { try await export.set(AttributeChanges(size: wanted.size), of: file.handle) }
            try await export.settle(file.handle, to: wanted, from: file.attributes)
        }
    }

    /// Makes a symbolic link, a device or a FIFO.
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

    /// Makes another name of what is there.
    func link(_ file: Node, as name: NFSName, in parent: FileHandle) async throws(NFSError) {
        try await again { () throws(NFSError) in try await linkOnce(file, as: name, in: parent) }
    }

    /// A directory on an entry's way.
    ///
    /// - Throws: ``TarError`` if it is none, or not there.
    func directory(_ name: NFSName, in parent: FileHandle, for header: TarHeader) async throws -> Node {
        guard let node = try await lookupIfPresent(name, in: parent) else {
            throw TarError(header.path, "the archive has no directory \(name) before it")
        }
        guard node.attributes.type == .directory else {
            throw TarError(header.path, "its way leads through the \(node.attributes.type) \(name)")
        }
        return node
    }

    // MARK: Steps

    /// Does something again whose answer was lost.
    private func again<Value>(_ body: () async throws(NFSError) -> Value) async throws(NFSError) -> Value {
        for _ in 1..<TreeCopy.triesAtMost {
            do {
                return try await body()
            } catch let error where error.mayHaveWorked {
                export.logger.debug("unpacking it again", metadata: ["error": "\(error)"])
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
