import Kubernetes
import NFS

extension ShareConnection {
    /// Rolls back what ``provision(_:restore:beforeChange:)`` made for a claim that was deleted before its volume
    /// existed. A directory goes only if it was made for the claim and is empty; a moved archive is put back, and a
    /// copy of one is removed.
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
            // The controller was killed before it wrote the record; the name in its folder contains the claim's uid.
            _ = try await export.removeTreeIfPresent(try NFSName(plan.volumeName), in: folder.staging)
        } else if !plan.pathIsChosen {
            // The controller was killed before it wrote the record; the standard name contains the claim's uid.
            try await run(VolumeRecord(plan, origin: .created, directory: nil, cluster: share.cluster))
        }
    }

    /// Rolls back what a record describes.
    func run(_ record: VolumeRecord) async throws {
        // It was a volume, and its release is decided: its directory may hold data.
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

    /// Whether a directory was made for a volume. A record that holds only an intent proves nothing if another volume
    /// has the directory, or may have just made it.
    private func isMade(for record: VolumeRecord, _ node: Node) async throws -> Bool {
        guard record.directory == nil else { return isThat(record.directory, node) }
        return try await !share.index.volumes(records).contains {
            $0.name != record.volume
                && (isThat($0.directory, node) || $0.directory == nil && $0.path == record.path)
        }
    }

    private static var withdrawal: String { "the claim is gone and has no volume" }
}
