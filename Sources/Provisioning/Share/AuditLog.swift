import Kubernetes
import NFS

/// The audit log of a share: a file a day and a writer, `audit/<date>-<writer>.jsonl`, a JSON object a line.
///
/// Lines that come together are written together, and each is on the server's disk when its ``append(_:to:)`` returns.
actor AuditLog {
    private struct Line {
        let bytes: [UInt8]
        let written: CheckedContinuation<Void, any Error>
    }

    private let export: Export
    private let writer: String
    private var waiting: [Line] = []
    private var isWriting = false

    init(export: Export, writer: String) {
        self.export = export
        self.writer = writer
    }

    /// Writes a line; whoever comes while another's is being written leaves its line to that one.
    func append(_ entry: AuditEntry, to folder: ControllerFolder) async throws {
        let bytes = try RecordCoder.encode(entry, pretty: false)
        if isWriting {
            return try await withCheckedThrowingContinuation { waiting.append(Line(bytes: bytes, written: $0)) }
        }
        isWriting = true
        let own = await write(bytes, to: folder)
        while !waiting.isEmpty {
            let lines = waiting
            waiting = []
            let result = await write(lines.flatMap(\.bytes), to: folder)
            for line in lines { line.written.resume(with: result) }
        }
        isWriting = false
        try own.get()
    }

    private func write(_ bytes: [UInt8], to folder: ControllerFolder) async -> Result<Void, any Error> {
        do {
            let name = try NFSName("\(Timestamp.now.description.prefix(10))-\(writer).jsonl")
            let known = try await export.lookupIfPresent(name, in: folder.audit)
            let file: Node
            if let known {
                file = known
            } else {
                file = try await export.createFile(name, in: folder.audit, mode: 0o600)
            }
            var written = 0
            while written < bytes.count {
                let offset = file.attributes.size + UInt64(written)
                written += try await export.write(bytes[written...], to: file.handle, at: offset).count
            }
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
