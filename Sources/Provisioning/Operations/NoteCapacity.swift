import Kubernetes
import NFS

extension ShareConnection {
    /// Writes a volume's new size to its record, so that a recovery restores that size. Does not create a missing
    /// record.
    ///
    /// The record then names the volume's claim, as after ``follow(_:notes:ofVolume:at:)``: the two may write at the
    /// same time, and neither may undo the claim.
    func note(_ plan: ExpansionPlan) async throws {
        try await open { share in try await share.note(plan) }
    }

    /// Removes the record of a volume that no longer exists.
    package func forget(volume: String) async throws {
        try await open { share in try await share.records.remove(VolumeRecord.self, volume) }
    }
}

extension OpenShare {
    fileprivate func note(_ plan: ExpansionPlan) async throws {
        guard var record = try await records.read(VolumeRecord.self, plan.volume.key.name) else { return }
        let before = record
        let path = plan.volume.spec?.nfs.flatMap { plan.share.export.relativeComponents(of: $0.path) }
        if let claim = ClaimReference(plan.claim.reference), path?.joined(separator: "/") == record.path {
            _ = record.follow(claim, notes: ClaimNotes(plan.claim.metadata))
        }
        guard record.release == nil else { return }
        record.capacity = plan.size.rawValue
        if record != before { try await records.write(record) }
    }
}
