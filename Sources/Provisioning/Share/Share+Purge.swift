import Kubernetes
import NFS

extension Share {
    /// Keeps an archive from being purged, until the hold is released.
    package func hold(_ id: String, reason: String) async throws {
        try await withFolder { folder in
            var record = try await archive(id, in: folder)
            guard [.intent, .renamed, .archived].contains(record.state) else {
                throw ShareError(
                    "the archive \(id) on \(address) is \(record.state.rawValue): there is nothing to hold"
                )
            }
            record.hold = ArchiveRecord.Hold(reason: reason, at: .now)
            try await audit.append(AuditEntry(.held, record, path: record.to, reason: reason), to: folder)
            try await write(record, in: folder)
        }
    }

    package func releaseHold(_ id: String, reason: String) async throws {
        try await withFolder { folder in
            var record = try await archive(id, in: folder)
            guard record.hold != nil else { throw ShareError("the archive \(id) on \(address) is not held") }
            record.hold = nil
            try await audit.append(AuditEntry(.holdReleased, record, path: record.to, reason: reason), to: folder)
            try await write(record, in: folder)
        }
    }

    /// Removes an archive for good, after the hooks before; its record stays and says so. Can be run again after a crash
    /// anywhere.
    ///
    /// - Parameters:
    ///   - id: The archive, by its record's name.
    ///   - reason: Why; it goes into the record and the audit log.
    ///   - evenWithoutBackup: Purges also what needs a backup and has none.
    ///   - isStillDue: Asked of the record as it is now, right before anything is done.
    ///   - onProgress: Told what was removed so far, a few times a second.
    /// - Throws: ``ShareError`` if it is held, lacks a backup, is not the directory that was archived, has been purged
    ///   already, or is no longer due; ``HookFailure``.
    package func purge(
        _ id: String,
        reason: String,
        evenWithoutBackup: Bool = false,
        onlyIf isStillDue: (ArchiveRecord) -> Bool = { _ in true },
        onProgress: @escaping @Sendable (RemovedTree) -> Void = { _ in }
    ) async throws {
        try await withFolder { folder in
            try await withArchive(id, in: folder) { found in
                func purgeable(_ record: ArchiveRecord) throws(ShareError) -> ArchiveRecord {
                    try requirePurgeable(record, evenWithoutBackup: evenWithoutBackup, onlyIf: isStillDue)
                    return record
                }
                var record = try purgeable(found)
                if record.state == .archived, try await runHooksBeforePurge(&record, in: folder) {
                    // They may take an hour, and a hold may have come meanwhile.
                    record = try purgeable(try await archive(id, in: folder))
                }
                try await moveToTrash(&record, reason: reason, in: folder)
                _ = try await export.removeTreeIfPresent(
                    try NFSName(id),
                    in: folder.trash,
                    callsAtOnce: Export.callsOfLongWork,
                    onProgress: onProgress
                )
                record.state = .purged
                record.purge?.doneAt = .now
                try await write(record, in: folder)
            }
        }
    }

    private func runHooksBeforePurge(_ record: inout ArchiveRecord, in folder: ControllerFolder) async throws -> Bool {
        let node = try await directory(of: record, in: folder)
        return try await runHooks(
            .beforePurge,
            &record,
            at: record.to,
            node.handle,
            orElse: "the archive is kept",
            in: folder
        )
    }

    /// - Throws: ``ShareError`` for what must not be purged.
    private func requirePurgeable(
        _ record: ArchiveRecord,
        evenWithoutBackup: Bool,
        onlyIf isStillDue: (ArchiveRecord) -> Bool
    ) throws(ShareError) {
        let name = "the archive \(record.id) on \(address)"
        if let hold = record.hold {
            throw ShareError("\(name) is held (\(hold.reason)): release the hold to purge it")
        }
        switch record.state {
        case .intent, .renamed:
            throw ShareError("\(name) is only being made: try again when it is done")
        case .restoring:
            throw ShareError("\(name) is on its way into volume \(record.restore?.volume ?? "a volume")")
        case .restored:
            throw ShareError("\(name) became volume \(record.restore?.volume ?? "a volume") again")
        case .purged:
            throw ShareError("\(name) was purged already")
        case .archived where record.lacksBackup && !evenWithoutBackup:
            throw ShareError(
                "\(name) needs a backup (\(AnnotationKey.backup): required) and has none: nothing is purged"
            )
        case .archived, .purging:
            guard isStillDue(record) else {
                throw ShareError("the record of \(name) has changed since it was found due")
            }
        }
    }

    private func moveToTrash(_ record: inout ArchiveRecord, reason: String, in folder: ControllerFolder) async throws {
        let node: Node? =
            if record.state == .purging {
                try await directoryIfPresent(of: record, in: folder)
            } else {
                try await directory(of: record, in: folder)
            }
        let found = record
        record.state = .purging
        record.purge = record.purge ?? ArchiveRecord.Purge(reason: reason, requestedAt: .now)
        try await audit.append(AuditEntry(.purged, record, path: record.to, reason: reason), to: folder)
        try await write(record, in: folder)
        guard node != nil else { return }
        let (name, trashName) = (try NFSName(record.to), try NFSName(record.id))
        do {
            try await export.rename(name, in: folder.root.handle, to: trashName, in: folder.trash)
        } catch {
            // Another process moved it between the look and the rename: it is not purged, and must not seem so.
            if error.code == .notFound, found.state == .archived { try await write(found, in: folder) }
            throw error
        }
    }
}
