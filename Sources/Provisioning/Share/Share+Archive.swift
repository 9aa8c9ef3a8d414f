import Kubernetes
import NFS

extension Share {
    /// Renames a released volume's directory to a free `archived-…` in the export's root (rule R5).
    func archive(_ released: ReleasedDirectory, in folder: ControllerFolder) async throws -> ReclaimOutcome {
        let plan = released.plan
        let name = try await takeArchiveName(for: plan, in: folder)
        defer { archiveNames.giveBack(name) }
        var record = released.archiveRecord(to: name, reason: "the claim was deleted")
        try await write(record, in: folder)
        try await export.rename(plan.path.basename, in: released.parent, to: try NFSName(name), in: folder.root.handle)
        try await finish(&record, in: folder)
        return .archived(name: record.to)
    }

    /// Goes on with an archive that an earlier run began.
    ///
    /// - Returns: nil when the directory is not where the record has it; it is then begun anew.
    func resume(_ record: ArchiveRecord, in folder: ControllerFolder) async throws -> ReclaimOutcome? {
        guard let node = try await export.lookupIfPresent(try NFSName(record.to), in: folder.root.handle),
            node.attributes.fileid == record.directory.fileID
        else { return nil }
        var record = record
        if record.state == .intent { try await finish(&record, in: folder) }
        return .archived(name: record.to)
    }

    private func finish(_ record: inout ArchiveRecord, in folder: ControllerFolder) async throws {
        let entry = AuditEntry(.archived, record, path: record.from, to: record.to, reason: record.reason)
        try await audit.append(entry, to: folder)
        record.state = .archived
        record.archivedAt = .now
        try await write(record, in: folder)
    }

    private func takeArchiveName(for plan: ReclaimPlan, in folder: ControllerFolder) async throws -> String {
        let basename = plan.path.names.last ?? ""
        let uid = String((plan.volume.metadata.uid ?? "").prefix(8))
        return try await takeArchiveName(ArchiveName.name(for: basename), else: basename, uid, in: folder)
    }

    /// A name that nothing has on the share and nobody in this process is about to take: NFS would rename onto an
    /// empty directory without a word. It is `preferred`, or else made of `basename`, the time and `suffix`. To be given
    /// back once it is taken on the share.
    func takeArchiveName(
        _ preferred: String,
        else basename: String,
        _ suffix: String,
        in folder: ControllerFolder
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
