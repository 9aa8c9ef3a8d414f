import Kubernetes
import NFS

extension ShareConnection {
    /// Has a volume's record say its new size, so that it is recovered with it. A volume without a record has none after.
    ///
    /// The record names the volume's claim afterwards, as it does after ``follow(_:notes:ofVolume:at:)``: of the two, which may
    /// write at the same time, neither undoes the claim.
    func note(_ plan: ExpansionPlan) async throws {
        try await open { share in try await share.note(plan) }
    }

    /// Removes the record of a volume that is no more.
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
