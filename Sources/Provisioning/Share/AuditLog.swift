import Kubernetes
import NFS

/// Audit log of a share: one file per day and writer, `audit/<date>-<writer>.jsonl`, one JSON object per line.
///
/// Concurrent lines are written together, and each is on the server's disk when its ``append(_:to:)`` returns.
actor AuditLog {
    private enum Turn {
        /// Another task has written the line.
        case written
        /// It is this task's turn to write its line, together with those that wait.
        case own
    }

    private struct Waiter {
        let line: [UInt8]
        let turn: CheckedContinuation<Turn, Never>
    }

    private let export: Export
    private let writer: String
    private let cluster: @Sendable () -> String?
    private var waiting: [Waiter] = []
    private var isWriting = false

    init(export: Export, writer: String, cluster: @escaping @Sendable () -> String?) {
        self.export = export
        self.writer = writer
        self.cluster = cluster
    }

    /// Writes a line, together with those that came during an earlier write.
    func append(_ entry: AuditEntry, to folder: ControllerFolder) async throws {
        var entry = entry
        entry.by = writer
        entry.cluster = entry.cluster ?? cluster()
        let line = try RecordCoder.encode(entry, pretty: false)
        if isWriting {
            let turn = await withCheckedContinuation { waiting.append(Waiter(line: line, turn: $0)) }
            if turn == .written { return }
        }
        isWriting = true
        let others = waiting
        waiting = []
        let result = await write(line + others.flatMap(\.line), to: folder)
        switch result {
        case .success: for other in others { other.turn.resume(returning: .written) }
        // It may be the failure of this task alone, such as its cancellation: the others try for themselves.
        case .failure: waiting = others + waiting
        }
        passTurn()
        try result.get()
    }

    private func passTurn() {
        if waiting.isEmpty {
            isWriting = false
        } else {
            waiting.removeFirst().turn.resume(returning: .own)
        }
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
            try await export.writeAll(bytes, to: file.handle, at: file.attributes.size)
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}

/// The audit log of an open share.
struct AuditTrail: Sendable {
    let log: AuditLog
    let folder: ControllerFolder
    let export: Export
    /// The reserve that lines may use on a full share; nil if they may use none.
    var reserve: RoomReserve?

    /// Writes a line; it is on the server's disk when this returns.
    func append(_ entry: AuditEntry) async throws {
        guard let reserve else { return try await log.append(entry, to: folder) }
        try await reserve.makingRoom(in: folder.own, on: export) { try await log.append(entry, to: folder) }
    }
}
