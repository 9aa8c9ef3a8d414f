import Kubernetes
import NFS

/// Deletes a released volume's directory after its hooks have run, by way of the trash, which tenants cannot reach.
///
/// The name in the trash is the journal: a directory that has the volume's name there, and is the volume's, must be
/// removed. So a share without room for a record can still be emptied.
struct DeleteDirectory {
    let reclaim: Reclaim
    let released: ReleasedDirectory

    func run() async throws -> ReclaimOutcome {
        let share = reclaim.share.withReserve
        let plan = reclaim.plan
        let name = try NFSName(plan.volumeName)
        guard try await share.export.lookupIfPresent(name, in: share.folder.trash) == nil else {
            throw Self.foreignTrash(name, plan, share)
        }
        var record = released.record(releasedAs: .delete, reason: nil)
        _ = try await share.ifRoom { try await share.records.write(record) }
        let hadHooks = try await share.runHooks(
            .beforePurge,
            &record,
            at: record.path,
            released.node.handle,
            orElse: "the data is left in place; will retry"
        )
        try await reclaim.askAgain(released, hadHooks: hadHooks)
        try await share.export.rename(plan.path.basename, in: released.parent, to: name, in: share.folder.trash)
        try await share.requireMoved(
            released.identity,
            to: (share.folder.trash, name),
            from: (released.parent, plan.path.basename),
            "\(plan.path)"
        )
        _ = try await Self.emptyTrash(of: plan, released.identity, on: share)
        return .deleted
    }

    /// Removes the directory that a run moved into the trash.
    ///
    /// - Parameters:
    ///   - plan: The release.
    ///   - directory: The directory's identity; nil if unknown.
    ///   - share: The share.
    /// - Returns: Whether there was anything to remove.
    /// - Throws: ``ShareError`` if another directory lies there; `NFSError`.
    static func emptyTrash(
        of plan: ReclaimPlan,
        _ directory: DirectoryIdentity?,
        on share: OpenShare
    ) async throws -> Bool {
        let name = try NFSName(plan.volumeName)
        return try await share.makingRoom { share in
            guard let node = try await share.export.lookupIfPresent(name, in: share.folder.trash) else { return false }
            if let directory, !share.isThat(directory, node) {
                throw foreignTrash(name, plan, share)
            }
            let entry = AuditEntry(.deleted, plan, reason: "onDelete is delete")
            let isWritten = try await share.ifRoom { try await share.audit.append(entry) }
            _ = try await share.export.removeTree(name, in: share.folder.trash)
            if !isWritten { try await share.audit.append(entry) }
            return true
        }
    }

    private static func foreignTrash(_ name: NFSName, _ plan: ReclaimPlan, _ share: OpenShare) -> ShareError {
        ShareError(
            "\(ControllerFolder.name)/trash/\(name) on \(share.address) is not the directory of volume"
                + " \(plan.volumeName); nothing was removed; move it out of the trash"
        )
    }
}
