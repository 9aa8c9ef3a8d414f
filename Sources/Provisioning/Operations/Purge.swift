import Kubernetes
import NFS

extension ShareConnection {
    /// Purges an archive after its hooks have run; its record stays and says so. The purge can be repeated after a
    /// crash at any point.
    ///
    /// - Parameters:
    ///   - id: The archive, by its record's name.
    ///   - reason: The reason, for the record and the audit log.
    ///   - evenWithoutBackup: Purges the archive even if it lacks a required backup.
    ///   - isStillDue: Called with the current record before the directory is moved and after it.
    ///   - onProgress: Receives what was removed so far, a few times a second.
    /// - Throws: ``ShareError`` if it is held, in use, lacks a backup, is not the directory that was archived, has been
    ///   purged already, or is no longer due; ``HookFailure``.
    package func purge(
        _ id: String,
        reason: String,
        evenWithoutBackup: Bool = false,
        onlyIf isStillDue: @escaping (ArchiveRecord) async throws -> Bool = { _ in true },
        onProgress: @escaping @Sendable (RemovedTree) -> Void = { _ in }
    ) async throws {
        try await open { share in
            try await share.makingRoom { share in
                try await Purge(
                    share: share,
                    reason: reason,
                    evenWithoutBackup: evenWithoutBackup,
                    isStillDue: isStillDue,
                    onProgress: onProgress
                ).run(id)
            }
        }
    }

    /// Puts back archives that a purge moved into the trash, if it was stopped before it removed anything. Of one whose
    /// removal was recorded, it drops the holds: they came too late, and would keep retention from finishing the purge.
    ///
    /// - Parameter seconds: How long an archive without a hold must lie there: a running purge leaves it there briefly.
    /// - Returns: The ids of the archives.
    /// - Throws: ``ShareError`` if there is no name for one; `NFSError` if the share does not answer.
    package func putBackFromTrash(after seconds: Int64 = 600) async throws -> [String] {
        try await open { share in
            var back: [String] = []
            for try await entry in share.export.entries(of: share.folder.trash) {
                guard let id = entry.name.string, let found = try? await share.archiveIfPresent(id),
                    try await share.isInTrash(found)
                else { continue }
                // If it fails, for example because the purge is at work, the next round tries again.
                if found.state == .purging, found.hold != nil { try? await share.dropLateHolds(on: id) }
                guard found.state == .archived else { continue }
                // No purge resumes work on a held archive.
                if found.hold == nil {
                    let node = try await share.export.lookupIfPresent(entry.name, in: share.folder.trash)
                    guard let moved = node?.attributes.ctime,
                        try await Int64(share.serverTime().seconds) - Int64(moved.seconds) >= seconds
                    else { continue }
                }
                try await share.withArchive(id) { record in
                    guard record.state == .archived else { return }
                    try await ArchiveTrash(share: share).putBack(record)
                    back.append(id)
                }
            }
            return back
        }
    }
}

extension OpenShare {
    /// Removes the holds on an archive that is in the trash, and whose record says that its removal has begun. Whoever
    /// placed one saw that too and was refused, or was killed before.
    fileprivate func dropLateHolds(on id: String) async throws {
        try await withArchive(id) { record in
            guard record.state == .purging, try await isInTrash(record) else { return }
            for hold in try await holds(on: id) { try await records.remove(HoldRecord.self, hold.name) }
        }
    }
}

/// Purges one archive.
struct Purge {
    let share: OpenShare
    let reason: String
    let evenWithoutBackup: Bool
    let isStillDue: (ArchiveRecord) async throws -> Bool
    let onProgress: @Sendable (RemovedTree) -> Void

    private var trash: ArchiveTrash { ArchiveTrash(share: share) }

    func run(_ id: String) async throws {
        try await share.withArchive(id) { found in
            if try await trash.isBeingRemoved(found) { return try await remove(found) }
            try await requirePurgeable(found)
            try await requireUnused(found)
            var record = found
            if record.state == .archived, try await !share.isInTrash(record), try await runHooks(&record) {
                record = try await share.archive(id)
                try await requirePurgeable(record)
                try await requireUnused(record)
            }
            var hasMoved = false
            do {
                hasMoved = try await trash.take(record)
                // A hold or a restore looks for the directory after it has written: one of the two sees the other.
                record = try await share.archive(id)
                try await requirePurgeable(record)
                if hasMoved, record.state == .purging, record.hold != nil { try await undo(record) }
            } catch {
                // A directory that another purge moved there belongs to that purge.
                if hasMoved, record.state == .archived { try? await trash.putBack(record) }
                throw error
            }
            try await remove(record)
        }
    }

    /// Puts back a held archive whose record says that its removal has begun, though it was in its place: another purge
    /// had put it back, and the one that wrote the record was killed before it noticed.
    ///
    /// - Throws: ``ShareError`` in any case.
    private func undo(_ record: ArchiveRecord) async throws {
        try await trash.putBack(record)
        try await noteUndone(record)
        throw ShareError("archive \(record.id) on \(share.address) is held: release the hold to purge it")
    }

    private func runHooks(_ record: inout ArchiveRecord) async throws -> Bool {
        let node = try await share.directory(of: record)
        return try await share.runHooks(
            .beforePurge,
            &record,
            at: record.to,
            node.handle,
            orElse: "the archive is kept"
        )
    }

    /// Removes the archive from the trash, and records that: before the removal if there is room, else after it.
    private func remove(_ found: ArchiveRecord) async throws {
        var record = found
        let isNoted = try await share.ifRoom { try await noteBegun(&record) }
        let hasRemoved = try await trash.remove(record, onProgress: onProgress)
        if !isNoted { try await noteBegun(&record) }
        guard try await share.directoryIfPresent(of: record) == nil else {
            if !hasRemoved { try await noteUndone(record) }
            throw ShareError(
                "archive \(record.id) on \(share.address): its directory reappeared during the purge; will retry"
            )
        }
        try record.advance(.purgeFinished)
        record.purge?.doneAt = .now
        try await share.records.write(record)
        share.index.note(record)
    }

    private func noteBegun(_ record: inout ArchiveRecord) async throws {
        var begun = record
        if begun.state == .archived { try begun.advance(.purgeBegun) }
        begun.purge = begun.purge ?? ArchiveRecord.Purge(reason: reason, requestedAt: .now)
        try await share.audit.append(AuditEntry(.purged, begun, path: begun.to, reason: reason))
        try await share.records.write(begun)
        record = begun
    }

    /// Records that another purge of the same archive put it back after this one had found it in the trash.
    private func noteUndone(_ found: ArchiveRecord) async throws {
        var record = found
        try record.advance(.purgeUndone)
        record.purge = nil
        try await share.records.write(record)
        share.index.note(record)
    }

    // MARK: What keeps an archive

    /// - Throws: ``ShareError`` if the archive must not be purged. One that a purge left in the trash, and that has
    ///   been held since, is put back first.
    private func requirePurgeable(_ record: ArchiveRecord) async throws {
        if record.state == .archived, record.hold != nil { try await trash.putBack(record) }
        try record.requirePurgeable(on: share.address, evenWithoutBackup: evenWithoutBackup)
        guard try await isStillDue(record) else {
            throw ShareError(
                "archive \(record.id) on \(share.address) changed after it was found due; nothing was purged"
            )
        }
    }

    /// - Throws: ``ShareError`` if another record names the directory, or while the archive is being copied into a
    ///   volume: by this process, or by another that has left a partial copy in the controller's folder.
    private func requireUnused(_ archive: ArchiveRecord) async throws {
        guard archive.state == .archived else { return }
        try await share.requireSole(archive)
        for try await entry in share.export.entries(of: share.folder.staging) {
            guard let name = entry.name.string, (try? RecordStore.fileName(ofRecord: name)) != nil,
                let record = try? await share.records.read(VolumeRecord.self, name),
                record.restoredFrom?.archive == archive.id
            else { continue }
            throw ShareError(
                "archive \(archive.id) on \(share.address) is being copied into volume \(name); try again when that is done,"
                    + " or, if nothing needs that volume, remove \(ControllerFolder.name)/staging/\(name)"
            )
        }
    }
}
