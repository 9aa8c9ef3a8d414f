import NFS
import Synchronization

/// A folder of an NFS export.
struct NFSCopyFolder: CopyFolder {
    let export: Export
    private let directory: FileHandle

    /// Opens the folder of that name in the export's root, and creates it if it does not exist.
    init(_ name: NFSName, on export: Export) async throws(NFSError) {
        self.export = export
        let root = try await export.root().handle
        let node: Node
        do {
            node = try await export.makeDirectory(name, in: root, mode: 0o700)
        } catch let error where error.code == .alreadyExists {
            node = try await export.lookup(name, in: root)
        }
        guard node.attributes.type == .directory else {
            throw NFSError(.notDirectory, operation: "open", subject: "\(name)", address: export.address)
        }
        directory = node.handle
    }

    /// Opens the export's root.
    init(rootOf export: Export) async throws(NFSError) {
        self.export = export
        directory = try await export.root().handle
    }

    private init(_ directory: FileHandle, on export: Export) {
        self.export = export
        self.directory = directory
    }

    func entries() async throws -> [CopyFolderEntry] {
        var entries: [CopyFolderEntry] = []
        for try await entry in export.entries(of: directory) {
            guard let attributes = try await attributes(of: entry), [.regular, .directory].contains(attributes.type)
            else { continue }
            entries.append(
                CopyFolderEntry(
                    name: entry.name,
                    isFolder: attributes.type == .directory,
                    modifiedAt: Int64(attributes.mtime.seconds)
                )
            )
        }
        return entries
    }

    /// - Returns: nil if it is gone.
    private func attributes(of entry: DirectoryEntry) async throws -> Attributes? {
        if let attributes = entry.attributes { return attributes }
        return try await node(entry.name)?.attributes
    }

    private func node(_ name: NFSName) async throws(NFSError) -> Node? {
        do {
            return try await export.lookup(name, in: directory)
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    func folder(_ name: NFSName) async throws -> (any CopyFolder)? {
        guard let node = try await node(name), node.attributes.type == .directory else { return nil }
        return NFSCopyFolder(node.handle, on: export)
    }

    func create(_ name: NFSName) async throws -> any CopyFile {
        try await remove(name)
        return NFSCopyFile(
            try await export.createFile(name, in: directory, mode: 0o600),
            name,
            in: directory,
            on: export
        )
    }

    func open(_ name: NFSName) async throws -> (any CopyFile)? {
        guard let node = try await node(name), node.attributes.type == .regular else { return nil }
        return NFSCopyFile(node, name, in: directory, on: export)
    }

    func remove(_ name: NFSName) async throws {
        do throws(NFSError) {
            try await export.remove(name, in: directory)
        } catch {
            guard error.code == .notFound else { throw error }
        }
    }
}

/// A file on an NFS server.
final class NFSCopyFile: CopyFile {
    private let node: Node
    private let name: NFSName
    private let directory: FileHandle
    private let export: Export
    /// The verifiers of writes that the server may hold only in memory.
    private let verifiers = Mutex<Set<WriteVerifier>>([])

    init(_ node: Node, _ name: NFSName, in directory: FileHandle, on export: Export) {
        self.node = node
        self.name = name
        self.directory = directory
        self.export = export
    }

    func write(_ bytes: [UInt8], at offset: Int64) async throws {
        let new = try await export.writeAll(bytes, to: node.handle, at: UInt64(offset), stability: .unstable)
        verifiers.withLock { $0.formUnion(new) }
    }

    func flush() async throws {
        let committed = try await export.commit(node.handle)
        let all = verifiers.withLock { $0.union([committed]) }
        // The stream has been consumed, so what the server lost cannot be written again.
        guard all.count == 1 else {
            throw failure("the server restarted during the copy and may have lost data; copy again")
        }
    }

    /// Does nothing: each read is a READ call that the server answers, after the COMMIT of ``flush()``. The server may
    /// answer from memory; nothing in NFS makes it read its disk.
    func dropCache() async throws {}

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let position = UInt64(offset) + UInt64(bytes.count)
            let chunk = try await export.read(node.handle, at: position, count: count - bytes.count)
            bytes += chunk.bytes
            if chunk.isLast { break }
        }
        return bytes
    }

    func rename(to newName: NFSName) async throws {
        try await export.rename(name, in: directory, to: newName, becoming: node.attributes.fileid)
    }

    private func failure(_ reason: String) -> CopyError {
        CopyError("write \(name) on \(export.address): \(reason)")
    }
}
