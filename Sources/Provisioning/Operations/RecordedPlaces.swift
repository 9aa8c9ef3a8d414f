import Kubernetes
import NFS

/// Whose a place on the share is by the share's own records: those of other clusters, and of other provisioners, count as
/// well as the volumes that this cluster's API server knows.
struct RecordedPlaces: ShareOperation {
    let share: OpenShare

    /// Proves that no unreleased volume has the place of a plan whose path the class chose, lies below it or around it.
    ///
    /// - Parameters:
    ///   - plan: What is about to be made. The standard path holds the claim's uid and is nobody else's.
    ///   - present: The directory that is there: a server that folds case finds it under another name too.
    ///   - support: Tells what nobody in this cluster needs any more.
    /// - Throws: ``ShareError`` naming the volume.
    func requireFree(for plan: ProvisioningPlan, _ present: Node?, _ support: RestoreSupport) async throws {
        guard plan.pathIsChosen else { return }
        for volume in try await share.index.volumes(records)
        where volume.name != plan.volumeName && !volume.isReleased
            && touches(volume.path, volume.directory, plan, present)
        {
            guard let record = try await records.read(VolumeRecord.self, volume.name), record.release == nil,
                touches(record.path, record.directory, plan, present)
            else { continue }
            let isOurs = record.cluster != nil && record.cluster == share.cluster
            if isOurs, try await support.isAbandoned(record.volume, record.claim) { continue }
            throw ShareError(
                "directory \(plan.path) on \(address) is, contains or lies within that of volume \(record.volume)"
                    + (isOurs ? "" : " of another cluster")
                    + "; nothing was touched; change the class' pathPattern, or,"
                    + " if that volume is gone for good, remove \(ControllerFolder.name)/volumes/\(record.volume).json"
            )
        }
    }

    private func touches(
        _ path: String,
        _ directory: DirectoryIdentity?,
        _ plan: ProvisioningPlan,
        _ present: Node?
    ) -> Bool {
        if isThat(directory, present) { return true }
        let (one, other) = (Array("\(plan.path)/".utf8), Array("\(path)/".utf8))
        return one.starts(with: other) || other.starts(with: one)
    }

    /// A directory that was made just now proves that what had its file id before is gone: says so of archives, once.
    func noteLost(whereverIs made: Node) async throws {
        for id in share.index.archivesSeen(withFileID: made.attributes.fileid) {
            guard let found = try? await share.archiveIfPresent(id), isLost(found, made) else { continue }
            try await share.withArchive(id) { record in
                guard isLost(record, made) else { return }
                var record = record
                try record.advance(.foundLost)
                let reason = "its directory was removed by hand: file id \(made.attributes.fileid) is a new directory's"
                try await audit.append(AuditEntry(.missing, record, path: record.to, reason: reason))
                try await records.write(record)
                share.index.note(record)
            }
        }
    }

    private func isLost(_ archive: ArchiveRecord, _ made: Node) -> Bool {
        archive.directory.fileID == made.attributes.fileid
            && Lifecycle.transition(from: archive.state.lifecycle, on: .foundLost) != nil
    }
}
