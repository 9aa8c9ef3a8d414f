import Kubernetes
import NFS

extension Share {
    /// Takes back what ``provision(_:beforeChange:)`` made for a claim that went away before its volume was there. Only
    /// an empty directory that was made for it goes; anything else stays.
    package func withdraw(_ plan: ProvisioningPlan) async throws {
        try await withFolder { folder in
            if let record = try await self.read(VolumeRecord.self, plan.volumeName, in: folder) {
                try await withdraw(record, in: folder)
            } else if !plan.pathIsChosen {
                // Killed before the record was written; the standard name holds the claim's uid, so it is ours.
                try await withdraw(VolumeRecord(plan, origin: .created, directory: nil, cluster: cluster()), in: folder)
            }
        }
    }

    /// Likewise, from the record alone.
    func withdraw(_ record: VolumeRecord, in folder: ControllerFolder) async throws {
        // It was a volume, and what became of its directory is decided: somebody may have written to it.
        guard record.release == nil else { return }
        if let request = record.restoredFrom {
            try await withdrawRestore(record, request, in: folder)
            try await audit.append(AuditEntry(.withdrawn, record, reason: Self.withdrawal), to: folder)
            return try await forget(volume: record.volume, in: folder)
        }
        let path = try VolumePath(recorded: record.path)
        if record.origin == .created, let (parent, node) = try await locate(path, in: folder),
            record.directory.map({ $0.fileID == node.attributes.fileid }) ?? true
        {
            guard try await export.removeDirectoryIfEmpty(path.basename, in: parent) else { return }
            try await audit.append(
                AuditEntry(.withdrawn, record, reason: Self.withdrawal),
                to: folder
            )
        }
        try await forget(volume: record.volume, in: folder)
    }

    private static var withdrawal: String { "the claim was gone before its volume was there" }
}
