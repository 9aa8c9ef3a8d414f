import Kubernetes
import NFS

extension ShareConnection {
    /// Reads the record of every volume on the share.
    ///
    /// - Returns: In no order. An unreadable record is an entry too, and hides no other.
    /// - Throws: `NFSError` if the share does not answer; ``ShareError`` or ``UnusedShare`` if it is not one of ours.
    package func volumeRecords() async throws -> [RecordEntry<VolumeRecord>] {
        try await open { share in try await share.volumeRecords() }
    }

    /// The room on the share's file system.
    package func statistics() async throws -> FileSystemStatistics {
        try await open { share in try await share.statistics() }
    }

    /// Reads the entries of a period from the audit log.
    ///
    /// - Parameters:
    ///   - since: Nothing older; nil: from the beginning.
    ///   - until: Nothing younger; nil: to the end.
    /// - Returns: The entries, and what of the log cannot be read.
    /// - Throws: As ``volumeRecords()``.
    package func auditEntries(since: Timestamp?, until: Timestamp?) async throws -> AuditReading {
        try await open { share in try await share.auditEntries(since: since, until: until) }
    }
}

extension OpenShare {
    func volumeRecords() async throws -> [RecordEntry<VolumeRecord>] {
        try await records.all(of: VolumeRecord.self)
    }

    func statistics() async throws -> FileSystemStatistics {
        try await export.statistics()
    }

    func auditEntries(since: Timestamp?, until: Timestamp?) async throws -> AuditReading {
        var reading = AuditReading()
        try await withThrowingTaskGroup(of: AuditReading.self) { group in
            var underWay = 0
            for try await file in export.entries(of: folder.audit) {
                guard let name = file.name.string, Self.isAudit(name, since: since, until: until) else { continue }
                if underWay == Self.auditFilesUnderWay, let read = try await group.next() {
                    underWay -= 1
                    reading.add(read)
                }
                underWay += 1
                group.addTask { try await self.audit(file, name, since: since, until: until) }
            }
            for try await read in group { reading.add(read) }
        }
        reading.entries.sort { $0.moment < $1.moment }
        reading.problems.sort()
        return reading
    }

    /// The number of bytes read at a time: a file may be large.
    private static var auditPiece: Int { 64 << 10 }
    private static var auditFilesUnderWay: Int { 16 }

    /// Whether a file of the log may have lines of a period. A line is written on the day of its time, or the next.
    private static func isAudit(_ name: String, since: Timestamp?, until: Timestamp?) -> Bool {
        guard name.hasSuffix(".jsonl") else { return false }
        guard let day = Timestamp("\(name.prefix(10))T00:00:00Z") else { return true }
        let length: Int64 = 86_400
        return since.map { day.seconds > $0.seconds - length } ?? true
            && until.map { day.seconds <= $0.seconds + length } ?? true
    }

    private func audit(
        _ file: DirectoryEntry,
        _ name: String,
        since: Timestamp?,
        until: Timestamp?
    ) async throws -> AuditReading {
        let path = "\(ControllerFolder.name)/audit/\(name) on \(address)"
        var lines = AuditLines(since: since, until: until)
        if let flaw = try await read(file, into: &lines) {
            return AuditReading(problems: ["\(path) cannot be read: \(flaw)"])
        }
        return AuditReading(entries: lines.entries, problems: lines.problem.map { ["\(path): \($0)"] } ?? [])
    }

    /// - Returns: Why the file cannot be read; nil if it was read, or is gone.
    private func read(
        _ file: DirectoryEntry,
        into lines: inout AuditLines
    ) async throws(NFSError) -> String? {
        do {
            let node: Node
            if let known = file.node {
                node = known
            } else {
                node = try await export.lookup(file.name, in: folder.audit)
            }
            guard node.attributes.type == .regular else { return "it is a \(node.attributes.type)" }
            var offset: UInt64 = 0
            while true {
                let chunk = try await export.read(node.handle, at: offset, count: Self.auditPiece)
                lines.take(chunk.bytes)
                offset += UInt64(chunk.bytes.count)
                if chunk.isLast { break }
            }
            lines.end()
            return nil
        } catch let error where error.code == .notFound {
            return nil
        } catch let error where error.code == .permissionDenied {
            return error.description
        }
    }
}

extension AuditReading {
    fileprivate mutating func add(_ other: AuditReading) {
        entries += other.entries
        problems += other.problems
    }
}

/// Entries of a period from a share's audit log.
package struct AuditReading: Sendable, Hashable {
    /// Oldest first. After a crash an entry may be there twice.
    package var entries: [AuditEntry] = []
    /// The unreadable parts of the log, one sentence per file.
    package var problems: [String] = []
}
