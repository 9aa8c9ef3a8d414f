import NFS
import Synchronization

/// A file on an NFS server.
final class NFSCopyFile: CopyFile {
    private let node: Node
    private let name: NFSName
    private let directory: FileHandle
    private let export: Export
    /// Of what the server may still have in its memory only.
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
        // The stream is gone by, so what the server lost cannot be written again.
        guard all.count == 1 else {
            throw failure("the server restarted meanwhile and may have lost a part; the copy has to begin again")
        }
    }

    /// Does nothing: each read is a READ call, so that it is the server that answers, after the COMMIT of ``flush()``.
    /// The server may answer from its memory; nothing in NFS makes it read its disk.
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
