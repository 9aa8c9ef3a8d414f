import Kubernetes
import NFS

extension ShareConnection {
    /// Keeps an archive from being purged, until the hold is released.
    ///
    /// A purge, or a restore, may be under way in another process. It moves the directory first and looks for a hold then;
    /// this writes the hold first and looks for the directory then: one of the two sees the other.
    package func hold(_ id: String, reason: String) async throws {
        try await open { share in try await share.hold(id, reason: reason) }
    }

    package func releaseHold(_ id: String, reason: String) async throws {
        try await open { share in try await share.releaseHold(id, reason: reason) }
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
        try await open { share in
            try await share.purge(
                id,
                reason: reason,
                evenWithoutBackup: evenWithoutBackup,
                onlyIf: isStillDue,
                onProgress: onProgress
            )
        }
    }

    /// Puts back what a purge had moved and not begun to remove when it was killed, if it is held.
    ///
    /// - Returns: The archives.
    func putBackHeldFromTrash() async throws -> [String] {
        try await open { share in try await share.putBackHeldFromTrash() }
    }
}

extension OpenShare {
    func hold(_ id: String, reason: String) async throws {
        let found = try await archive(id)
        guard [.intent, .renamed, .archived].contains(found.state) else {
            throw ShareError(
                "the archive \(id) on \(address) is \(found.state.rawValue): there is nothing to hold"
            )
        }
        guard try await !isInTrash(found) else { throw beingTaken(found) }
        let isInPlace = try await directoryIfPresent(of: found) != nil
        if !isInPlace, try await taker(of: found) != nil { throw beingTaken(found) }
        try await audit.append(AuditEntry(.held, found, path: found.to, reason: reason))
        var record = try await archive(id)
        guard record.state == found.state else { throw unavailable(record) }
        record.hold = ArchiveRecord.Hold(reason: reason, at: .now)
        try await records.write(record)
        guard record.state == .archived, isInPlace, try await directoryIfPresent(of: record) == nil
        else { return }
        try await giveUpHold(record)
        throw beingTaken(record)
    }

    /// Whoever was faster may have been written over: the record says again what became of the directory.
    private func giveUpHold(_ held: ArchiveRecord) async throws {
        var record = try await archive(held.id)
        guard record.state == .archived, record.hold == held.hold else { return }
        record.hold = nil
        guard let taker = try await taker(of: record) else {
            return try await noteTaken(&record)
        }
        record.state = .restored
        record.restore = ArchiveRecord.Restore(taker)
        record.restore?.doneAt = .now
        try await records.write(record)
    }

    /// Whoever has moved the directory into the trash removes it, or puts it back, and says so then. What is written while
    /// it is still there comes before that; else it is for this to say.
    private func noteTaken(_ record: inout ArchiveRecord) async throws {
        var isToBeSaid = true
        while isToBeSaid {
            let isLeft = try await isInTrash(record)
            let isBack = try await directoryIfPresent(of: record) != nil
            record.state = isLeft ? .purging : isBack ? .archived : .purged
            record.purge =
                isBack ? nil : ArchiveRecord.Purge(reason: "begun before it could be held", requestedAt: .now)
            if record.state == .purged { record.purge?.doneAt = .now }
            try await records.write(record)
            guard isLeft else { return }
            isToBeSaid = try await !isInTrash(record)
        }
    }

    private func beingTaken(_ archive: ArchiveRecord) -> ShareError {
        ShareError(
            "the archive \(archive.id) on \(address) is just being purged or restored: it cannot be held any more"
        )
    }

    func releaseHold(_ id: String, reason: String) async throws {
        var record = try await archive(id)
        guard record.hold != nil else { throw ShareError("the archive \(id) on \(address) is not held") }
        record.hold = nil
        try await audit.append(AuditEntry(.holdReleased, record, path: record.to, reason: reason))
        try await records.write(record)
    }

    func purge(
        _ id: String,
        reason: String,
        evenWithoutBackup: Bool = false,
        onlyIf isStillDue: (ArchiveRecord) -> Bool = { _ in true },
        onProgress: @escaping @Sendable (RemovedTree) -> Void = { _ in }
    ) async throws {
        try await withArchive(id) { found in
            func purgeable(_ record: ArchiveRecord) async throws -> ArchiveRecord {
                do {
                    try requirePurgeable(record, evenWithoutBackup: evenWithoutBackup, onlyIf: isStillDue)
                } catch {
                    // A purge that ended early may have left there what is held since.
                    if record.state == .archived, record.hold != nil {
                        try await putBackFromTrash(record)
                    }
                    throw error
                }
                return record
            }
            var record = try await purgeable(found)
            if record.state == .archived, try await !isInTrash(record),
                try await runHooksBeforePurge(&record)
            {
                // They may take an hour, and a hold may have come meanwhile.
                record = try await purgeable(try await archive(id))
            }
            let hasMoved = try await moveToTrash(record)
            do {
                record = try await purgeable(try await archive(id))
            } catch {
                // What another has begun to remove is whole no more.
                let now = try await archive(id)
                if hasMoved, now.state == .archived { try await putBackFromTrash(now) }
                throw error
            }
            try await begin(&record, reason: reason)
            _ = try await export.removeTreeIfPresent(
                try NFSName(id),
                in: folder.trash,
                callsAtOnce: Export.callsOfLongWork,
                onProgress: onProgress
            )
            guard try await directoryIfPresent(of: record) == nil else {
                record.state = .archived
                record.purge = nil
                try await records.write(record)
                throw ShareError("somebody has put the archive \(id) on \(address) back: it is looked at again")
            }
            record.state = .purged
            record.purge?.doneAt = .now
            try await records.write(record)
        }
    }

    private func runHooksBeforePurge(_ record: inout ArchiveRecord) async throws -> Bool {
        let node = try await directory(of: record)
        return try await runHooks(
            .beforePurge,
            &record,
            at: record.to,
            node.handle,
            orElse: "the archive is kept"
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

    // MARK: Trash

    /// Who moves the directory has the archive: a hold, a restore or a purge in another process finds it gone.
    ///
    /// - Returns: Whether it was moved now.
    private func moveToTrash(_ record: ArchiveRecord) async throws -> Bool {
        if try await isInTrash(record) { return false }
        if record.state == .purging, try await directoryIfPresent(of: record) == nil { return false }
        _ = try await directory(of: record)
        let (name, trashName) = (try NFSName(record.to), try NFSName(record.id))
        try await export.rename(name, in: folder.root.handle, to: trashName, in: folder.trash)
        guard try await isInTrash(record) else {
            // Between the look and the rename another directory got the name.
            try await requireNothing(called: name)
            try await export.rename(trashName, in: folder.trash, to: name, in: folder.root.handle)
            throw ShareError("\(record.to) on \(address) was another directory by then: nothing was removed")
        }
        return true
    }

    private func requireNothing(called name: NFSName) async throws {
        guard try await export.lookupIfPresent(name, in: folder.root.handle) != nil else { return }
        throw ShareError("\(name) on \(address) is there twice, the second in the trash: nothing was removed")
    }

    private func begin(_ record: inout ArchiveRecord, reason: String) async throws {
        record.state = .purging
        record.purge = record.purge ?? ArchiveRecord.Purge(reason: reason, requestedAt: .now)
        try await audit.append(AuditEntry(.purged, record, path: record.to, reason: reason))
        try await records.write(record)
    }

    func putBackHeldFromTrash() async throws -> [String] {
        var back: [String] = []
        for try await entry in export.entries(of: folder.trash) {
            guard let id = entry.name.string, let found = try? await archiveIfPresent(id),
                found.state == .archived, found.hold != nil, try await isInTrash(found)
            else { continue }
            try await withArchive(id) { record in
                guard record.state == .archived, record.hold != nil else { return }
                try await putBackFromTrash(record)
                back.append(id)
            }
        }
        return back
    }

    func isInTrash(_ record: ArchiveRecord) async throws -> Bool {
        let node = try await export.lookupIfPresent(try NFSName(record.id), in: folder.trash)
        return node.map { $0.attributes.fileid == record.directory.fileID } ?? false
    }

    /// Undoes ``moveToTrash(_:in:)``, before anything was removed.
    private func putBackFromTrash(_ record: ArchiveRecord) async throws {
        guard try await isInTrash(record) else { return }
        var record = record
        let basename = ArchiveName.basename(of: record.to)
        let name = try await takeArchiveName(record.to, else: basename, String(record.id.suffix(8)))
        defer { archiveNames.giveBack(name) }
        if record.to != name {
            record.to = name
            try await records.write(record)
        }
        try await export.rename(try NFSName(record.id), in: folder.trash, to: try NFSName(name), in: folder.root.handle)
        // A hold that found it gone may have taken it for purged.
        var now = try await archive(record.id)
        guard now.state == .purging else { return }
        now.state = .archived
        now.purge = nil
        try await records.write(now)
    }
}
