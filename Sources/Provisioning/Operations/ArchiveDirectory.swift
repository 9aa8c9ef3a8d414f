import Kubernetes
import NFS

/// Renames a released volume's directory to a free `archived-…` in the export's root, and runs the hooks before and
/// after the rename (R5: an archive replaces nothing).
struct ArchiveDirectory {
    let reclaim: Reclaim
    let released: ReleasedDirectory
    let earlier: EarlierArchives

    private var share: OpenShare { reclaim.share }
    private var plan: ReclaimPlan { reclaim.plan }

    func run(because reason: String) async throws -> ReclaimOutcome {
        let name = try await ArchiveNames(share: share).take(for: plan, id: earlier.id)
        defer { share.archiveNames.giveBack(name) }
        var record = released.archiveRecord(earlier.id, to: name, reason: reason, earlier: earlier.own)
        // A volume of another provisioner has no record that names a cluster; without one, any cluster may purge it.
        record.cluster = record.cluster ?? share.cluster
        let file = try await share.records.write(record, isOurs: !earlier.isRecorded)
        let hadHooks = try await share.runHooks(
            .beforeArchive,
            &record,
            at: record.from,
            released.node.handle,
            orElse: "the data is left in place; will retry"
        )
        record.releasedAt = record.releasedAt ?? file.writtenAt
        try await reclaim.askAgain(released, hadHooks: hadHooks)
        try await ArchiveNames(share: share).requireFree(name, after: hadHooks)
        guard try await rename(to: name) else { return try await finishAnothers(record) }
        let isOurs = !earlier.isRecorded && !hadHooks
        return try await FinishArchive(share: share).run(record, writtenTo: isOurs ? file : nil, released.node)
    }

    /// - Returns: false if the directory is no longer there.
    private func rename(to name: String) async throws -> Bool {
        let (root, newName) = (share.folder.root.handle, try NFSName(name))
        guard
            try await share.export.renameIfPresent(plan.path.basename, in: released.parent, to: newName, in: root)
        else { return false }
        try await share.requireMoved(
            released.identity,
            to: (root, newName),
            from: (released.parent, plan.path.basename),
            "\(plan.path)"
        )
        return true
    }

    /// Finishes an archive whose directory another process has moved meanwhile. That should be impossible, but this
    /// process's record may have replaced the other's, so it must say where the archive is.
    private func finishAnothers(_ record: ArchiveRecord) async throws -> ReclaimOutcome {
        for name in [record.to, ArchiveName.name(for: plan.path.names.last ?? "")] {
            var record = record
            record.to = name
            if let outcome = try await FinishArchive(share: share).resume(record) { return outcome }
        }
        throw ShareError("directory \(plan.path) on \(share.address) went away before it was archived; will retry")
    }
}

/// Completes an archive whose directory already has the archive's name.
struct FinishArchive {
    let share: OpenShare

    /// Resumes an archive that an earlier run began.
    ///
    /// - Returns: nil if the directory is not where the record says; archiving then starts over.
    func resume(_ record: ArchiveRecord) async throws -> ReclaimOutcome? {
        guard
            let node = try await share.export.lookupIfPresent(try NFSName(record.to), in: share.folder.root.handle),
            share.isThat(record.directory, node)
        else { return nil }
        guard record.state == .intent || record.state == .renamed else { return ReclaimOutcome(archived: record) }
        return try await run(record, writtenTo: nil, node)
    }

    /// Runs the hooks after archiving, and records that the archive is done.
    ///
    /// - Parameters:
    ///   - record: The archive's record.
    ///   - file: The record's file, if this program alone has written it.
    ///   - node: The directory.
    /// - Returns: The outcome for the directory.
    /// - Throws: ``HookFailure``; ``ShareError`` and `NFSError` if it cannot be recorded.
    func run(_ record: ArchiveRecord, writtenTo file: RecordFile?, _ node: Node) async throws -> ReclaimOutcome {
        var (record, file) = (record, file)
        let releasedAt = record.releasedAt
        if record.state == .intent, share.hookEvent(.afterArchive, record, at: record.to) != nil {
            try record.advance(.movedToArchive)
            try await share.records.write(record)
            file = nil
        }
        try await share.runHooks(
            .afterArchive,
            &record,
            at: record.to,
            node.handle,
            orElse: "the archive is kept and the volume stays; will retry"
        )
        record.releasedAt = record.releasedAt ?? releasedAt
        return ReclaimOutcome(archived: try await complete(record, record.reason, writtenTo: file))
    }

    /// - Returns: The completed record.
    func complete(
        _ record: ArchiveRecord,
        _ reason: String,
        writtenTo file: RecordFile? = nil
    ) async throws -> ArchiveRecord {
        var record = record
        try await share.audit.append(AuditEntry(.archived, record, path: record.from, to: record.to, reason: reason))
        // An admin may have written to the record while the archive was made.
        let isOurs = if let file { try await share.records.isUnchanged(record, since: file) } else { false }
        if record.releasedAt == nil { record.releasedAt = try await share.records.writtenAt(record) }
        try record.advance(.archiveFinished)
        record.archivedAt = .now
        try await share.records.write(record, isOurs: isOurs)
        share.index.note(record)
        return record
    }
}
