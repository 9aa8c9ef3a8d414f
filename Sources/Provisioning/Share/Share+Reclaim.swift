import Kubernetes
import NFS

extension ShareConnection {
    /// Archives, deletes or leaves the directory of a released volume (rules R3 to R8). Nothing is renamed before the
    /// directory's identity has been compared with what the volume or its record remembers.
    ///
    /// - Parameters:
    ///   - plan: What is to happen, from the volume as the API server has it now.
    ///   - deletesAdopted: Lets `delete` delete a directory that was there before its volume (rule S5).
    ///   - confirm: Throws if the volume is not to be reclaimed any more; asked after hooks that may have taken long.
    ///   - sharers: Other volumes on this directory or below it, by the export's identity: the directory is then left
    ///     alone (rule R8).
    /// - Returns: What became of the directory, now or in an earlier run.
    /// - Throws: ``ShareError`` when nothing can be done safely, and was; `NFSError` when the share does not answer.
    package func reclaim(
        _ plan: ReclaimPlan,
        deletesAdopted: Bool,
        confirm: () async throws -> Void = {},
        sharers: (_ exportID: String) -> [String]
    ) async throws -> ReclaimOutcome {
        try await openForCalls { share in
            try await share.reclaim(plan, deletesAdopted: deletesAdopted, confirm: confirm, sharers: sharers)
        }
    }
}

extension OpenShare {
    func reclaim(
        _ plan: ReclaimPlan,
        deletesAdopted: Bool,
        confirm: () async throws -> Void = {},
        sharers: (_ exportID: String) -> [String]
    ) async throws -> ReclaimOutcome {
        let sharers = sharers(folder.exportID)
        async let readRecord = records.read(VolumeRecord.self, plan.volumeName)
        async let readArchive = records.read(ArchiveRecord.self, plan.volumeName)
        let (record, archive) = try await (readRecord, readArchive)
        // After the records: one that says the directory has left must not be older than the look at its place.
        let found = try await locate(plan.path)
        if let outcome = try await earlierOutcome(of: plan, record, archive, now: found?.node) {
            return outcome
        }
        guard let (parent, node) = found else { return try await missing(plan) }
        try self.confirm(node, is: plan, record)
        let released = ReleasedDirectory(plan: plan, parent: parent, node: node, record: record)
        let decision = ReleaseDecision(plan, record, sharers: sharers, deletesAdopted: deletesAdopted)
        switch decision.action {
        case .retain:
            return try await retain(released, reason: decision.exception)
        case .archive:
            let reason = decision.exception ?? "the claim was deleted"
            return try await self.archive(released, archive, because: reason, confirm: confirm)
        case .delete:
            return try await delete(released, confirm: confirm)
        }
    }

    /// What an earlier run has done, or goes on to do, with the directory; nil if none has got as far as moving it. What
    /// is at the directory's place now may be another's: the place is free once the directory has left it.
    private func earlierOutcome(
        of plan: ReclaimPlan,
        _ record: VolumeRecord?,
        _ archive: ArchiveRecord?,
        now: Node?
    ) async throws -> ReclaimOutcome? {
        func hasLeft(_ directory: DirectoryIdentity?) -> Bool {
            guard let now else { return true }
            return directory.map { $0.fileID != now.attributes.fileid } ?? false
        }
        if let archive, hasLeft(archive.directory), let outcome = try await resume(archive) {
            return outcome
        }
        switch record?.release?.action {
        case .retain:
            return .retained(reason: record?.release?.reason)
        case .delete where hasLeft(record?.directory):
            try await emptyTrash(of: plan)
            return .deleted
        case .archive, .delete, nil:
            return nil
        }
    }

    private func confirm(_ node: Node, is plan: ReclaimPlan, _ record: VolumeRecord?) throws(ShareError) {
        guard let expected = plan.fileID ?? record?.directory?.fileID, expected != node.attributes.fileid else {
            return
        }
        throw ShareError(
            "\(plan.path) on \(address) is another directory than the one that was made for \(plan.volumeName)"
                + " (file id \(node.attributes.fileid), not \(expected)); nothing was touched: put the right one back, or,"
                + " if the share was restored from a copy, remove the annotation \(AnnotationKey.fileID) from the volume"
                + " and \"directory\" from \(ControllerFolder.name)/volumes/\(plan.volumeName).json"
        )
    }

    /// The directory is not at its place, and no run of ours moved it (rule R4).
    private func missing(_ plan: ReclaimPlan) async throws -> ReclaimOutcome {
        try await confirmIdentity()
        guard let known = plan.exportID else {
            throw ShareError(
                "\(plan.path) is not on \(address), and nothing tells whether that is the share it was made on;"
                    + " if the data is known to be gone, set the volume's reclaim policy to Retain and delete the volume"
            )
        }
        guard known == folder.exportID else {
            throw ShareError(
                "\(plan.path) is not on \(address), which is not the share it was made on: export the right one"
            )
        }
        try await audit.append(AuditEntry(.missing, plan, reason: "the directory was not there"))
        return .alreadyGone
    }

    // MARK: Retain

    private func retain(
        _ released: ReleasedDirectory,
        reason: String?
    ) async throws -> ReclaimOutcome {
        try await audit.append(AuditEntry(.retained, released.plan, reason: reason ?? "onDelete is retain"))
        try await records.write(released.record(releasedAs: .retain, reason: reason))
        return .retained(reason: reason)
    }

    // MARK: Delete

    private func delete(
        _ released: ReleasedDirectory,
        confirm: () async throws -> Void
    ) async throws -> ReclaimOutcome {
        let plan = released.plan
        let name = try NFSName(plan.volumeName)
        // Whatever is there of that name is trash already.
        _ = try await export.removeTreeIfPresent(name, in: folder.trash)
        var record = released.record(releasedAs: .delete, reason: nil)
        try await records.write(record)
        let hadHooks = try await runHooks(
            .beforePurge,
            &record,
            at: record.path,
            released.node.handle,
            orElse: "the data stays where it is, and it is tried again"
        )
        if hadHooks { try await confirm() }
        try await export.rename(plan.path.basename, in: released.parent, to: name, in: folder.trash)
        try await emptyTrash(of: plan)
        return .deleted
    }

    /// Removes what was moved into the trash, unless an earlier run has.
    private func emptyTrash(of plan: ReclaimPlan) async throws {
        let name = try NFSName(plan.volumeName)
        guard try await export.lookupIfPresent(name, in: folder.trash) != nil else { return }
        try await audit.append(AuditEntry(.deleted, plan, reason: "onDelete is delete"))
        _ = try await export.removeTree(name, in: folder.trash)
    }
}
