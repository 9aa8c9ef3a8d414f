import Kubernetes
import NFS

extension ShareConnection {
    /// Rolls back what ``provision(_:restore:beforeChange:)`` made for a claim that went away before its volume was there.
    /// Only an empty directory that was made for it goes; anything else stays.
    package func withdraw(_ plan: ProvisioningPlan) async throws {
        try await open { share in try await Withdraw(share: share).run(plan) }
    }
}

/// Rolls back what was made for one claim.
struct Withdraw: ShareOperation {
    let share: OpenShare

    func run(_ plan: ProvisioningPlan) async throws {
        if let record = try await records.read(VolumeRecord.self, plan.volumeName) {
            try await run(record)
        } else if plan.restore?.mode == .copy {
            // Killed before the record was written; the name in the controller's folder holds the claim's uid.
            _ = try await export.removeTreeIfPresent(try NFSName(plan.volumeName), in: folder.staging)
        } else if !plan.pathIsChosen {
            // Killed before the record was written; the standard name holds the claim's uid, so it is ours.
            try await run(VolumeRecord(plan, origin: .created, directory: nil, cluster: share.cluster))
        }
    }

    /// Likewise, from the record alone.
    func run(_ record: VolumeRecord) async throws {
        // It was a volume, and what became of its directory is decided: somebody may have written to it.
        guard record.release == nil else { return }
        if let request = record.restoredFrom {
            try await withdrawRestore(record, request)
            try await audit.append(AuditEntry(.withdrawn, record, reason: Self.withdrawal))
            return try await records.remove(VolumeRecord.self, record.volume)
        }
        let path = try VolumePath(recorded: record.path)
        if record.origin == .created, let (parent, node) = try await share.locate(path),
            try await isMade(for: record, node)
        {
            guard try await export.removeDirectoryIfEmpty(path.basename, in: parent) else { return }
            try await audit.append(
                AuditEntry(.withdrawn, record, reason: Self.withdrawal)
            )
        }
        try await records.remove(VolumeRecord.self, record.volume)
    }

    /// Whether a directory was made for a volume. A record that only says what was intended proves nothing where another
    /// volume has the directory.
    private func isMade(for record: VolumeRecord, _ node: Node) async throws -> Bool {
        guard record.directory == nil else { return isThat(record.directory, node) }
        return try await !share.index.volumes(records)
            .contains { $0.name != record.volume && isThat($0.directory, node) }
    }

    private static var withdrawal: String { "the claim was gone before its volume was there" }
}
