import Kubernetes
import NFS

extension OpenShare {
    /// Renames a released volume's directory to a free `archived-…` in the export's root (rule R5), between the hooks
    /// before and those after.
    ///
    /// `earlier` is the record of a run that got no further than the hooks before. `confirm` throws if the volume is not to
    /// be archived any more; it is asked after hooks that may have taken long.
    func archive(
        _ released: ReleasedDirectory,
        _ earlier: ArchiveRecord?,
        because reason: String,
        confirm: () async throws -> Void
    ) async throws -> ReclaimOutcome {
        let plan = released.plan
        let name = try await takeArchiveName(for: plan)
        defer { archiveNames.giveBack(name) }
        var record = released.archiveRecord(to: name, reason: reason, earlier: earlier)
        // A volume of another provisioner has no record that says so; without it the archive is any cluster's to purge.
        record.cluster = record.cluster ?? cluster
        let file = try await records.write(record, isOurs: earlier == nil)
        let hadHooks = try await runHooks(
            .beforeArchive,
            &record,
            at: record.from,
            released.node.handle,
            orElse: "the data stays where it is, and it is tried again"
        )
        if hadHooks {
            try await confirm()
            try await requireUnchanged(released, archiveName: name)
        }
        let (root, newName) = (folder.root.handle, try NFSName(name))
        guard try await export.renameIfPresent(plan.path.basename, in: released.parent, to: newName, in: root) else {
            return try await finishAnothers(record, released)
        }
        let isOurs = earlier == nil && !hadHooks
        return try await finish(record, writtenTo: isOurs ? file : nil, released.node)
    }

    /// Another process has moved the directory since it was looked at, which no two should be able to, and this one's
    /// record may stand in the place of that one's: it then says where the archive is.
    private func finishAnothers(
        _ record: ArchiveRecord,
        _ released: ReleasedDirectory
    ) async throws -> ReclaimOutcome {
        let path = released.plan.path
        for name in [record.to, ArchiveName.name(for: path.names.last ?? "")] {
            var record = record
            record.to = name
            if let outcome = try await resume(record) { return outcome }
        }
        throw ShareError("\(path) on \(address) went away while it was to be archived: it is looked at again")
    }

    /// Hooks may take an hour, and others have the share meanwhile.
    private func requireUnchanged(
        _ released: ReleasedDirectory,
        archiveName: String
    ) async throws {
        let node = try await locate(released.plan.path)?.node
        guard node?.attributes.fileid == released.node.attributes.fileid else {
            throw ShareError("\(released.plan.path) on \(address) changed while its hooks ran: it is looked at again")
        }
        guard try await export.lookupIfPresent(try NFSName(archiveName), in: folder.root.handle) == nil else {
            throw ShareError("\(archiveName) on \(address) was taken while hooks ran: another name is found")
        }
    }

    /// Goes on with an archive that an earlier run began.
    ///
    /// - Returns: nil when the directory is not where the record has it; it is then begun anew.
    func resume(_ record: ArchiveRecord) async throws -> ReclaimOutcome? {
        guard let node = try await export.lookupIfPresent(try NFSName(record.to), in: folder.root.handle),
            node.attributes.fileid == record.directory.fileID
        else { return nil }
        guard record.state == .intent || record.state == .renamed else { return ReclaimOutcome(archived: record) }
        return try await finish(record, writtenTo: nil, node)
    }

    /// What is left to do once the directory is renamed. `file` is the record's where this program alone has written it.
    private func finish(
        _ record: ArchiveRecord,
        writtenTo file: RecordFile?,
        _ node: Node
    ) async throws -> ReclaimOutcome {
        var (record, file) = (record, file)
        if record.state == .intent, hookEvent(.afterArchive, record, at: record.to) != nil {
            record.state = .renamed
            try await records.write(record)
            file = nil
        }
        try await runHooks(
            .afterArchive,
            &record,
            at: record.to,
            node.handle,
            orElse: "the archive is kept, the volume stays, and it is tried again"
        )
        let entry = AuditEntry(.archived, record, path: record.from, to: record.to, reason: record.reason)
        try await audit.append(entry)
        // Somebody may have put a hold on it while it was being made.
        let isOurs = if let file { try await records.isUnchanged(record, since: file) } else { false }
        if !isOurs { record.hold = try await archiveIfPresent(record.id)?.hold }
        record.state = .archived
        record.archivedAt = .now
        try await records.write(record, isOurs: isOurs)
        return ReclaimOutcome(archived: record)
    }

    private func takeArchiveName(for plan: ReclaimPlan) async throws -> String {
        let basename = plan.path.names.last ?? ""
        let uid = String((plan.volume.metadata.uid ?? "").prefix(8))
        return try await takeArchiveName(ArchiveName.name(for: basename), else: basename, uid)
    }

    /// A name that nothing has on the share and nobody in this process is about to take: NFS would rename onto an
    /// empty directory without a word. It is `preferred`, or else made of `basename`, the time and `suffix`. To be given
    /// back once it is taken on the share.
    func takeArchiveName(
        _ preferred: String,
        else basename: String,
        _ suffix: String
    ) async throws -> String {
        let time = Timestamp.now.description.filter { $0 != "-" && $0 != ":" }
        for name in [preferred, ArchiveName.name(for: basename, suffix: "\(time)-\(suffix)")] {
            guard archiveNames.take(name) else { continue }
            do {
                if try await export.lookupIfPresent(try NFSName(name), in: folder.root.handle) == nil { return name }
            } catch {
                archiveNames.giveBack(name)
                throw error
            }
            archiveNames.giveBack(name)
        }
        throw ShareError("no free name for the archive of \(basename) on \(address): it is tried again")
    }
}
