import Kubernetes
import NFS

/// The archives recorded under a volume's name: usually none, or the one that an earlier run of the same release began.
/// There are more if an admin makes the volume again and binds it to another claim: each release has a record of its
/// own, told apart by claim, path and directory.
struct EarlierArchives {
    /// The id of this release's archive.
    let id: String
    /// The record of an earlier run of this release.
    let own: ArchiveRecord?
    /// Whether a record with the id exists.
    let isRecorded: Bool
    private let others: [ArchiveRecord]

    /// - Parameters:
    ///   - plan: The release.
    ///   - record: The volume's record, updated to its claim.
    ///   - first: The record that has the volume's name.
    ///   - share: The share.
    /// - Throws: ``ShareError`` for a record that cannot be read; `NFSError` when the share does not answer.
    init(of plan: ReclaimPlan, _ record: VolumeRecord?, first: ArchiveRecord?, on share: OpenShare) async throws {
        var others: [ArchiveRecord] = []
        var (id, found, number) = (plan.volumeName, first, 1)
        while let archive = found {
            if archive.isOf(plan, record, after: others) { break }
            if try await share.isReleaseUndone(archive) { break }
            others.append(archive)
            number += 1
            id = "\(plan.volumeName)-\(number)"
            found = try await share.records.read(ArchiveRecord.self, id)
        }
        self.id = id
        own = found.flatMap { $0.isOf(plan, record, after: others) ? $0 : nil }
        isRecorded = found != nil
        self.others = others
    }

    /// Whether an earlier release archived the directory with this file id.
    func accounts(for fileID: UInt64) -> Bool {
        others.contains { $0.directory.fileID == fileID }
    }
}

extension ArchiveRecord {
    /// Whether it belongs to this release of a volume: the same claim, path and directory, as far as they are known.
    /// The directory that the volume remembers does not count if an earlier release archived it.
    fileprivate func isOf(_ plan: ReclaimPlan, _ record: VolumeRecord?, after others: [ArchiveRecord]) -> Bool {
        let (uid, planned) = (claim?.uid ?? "", plan.volume.spec?.claimRef?.uid ?? "")
        let remembered = plan.fileID ?? record?.directory?.fileID
        return (uid.isEmpty || planned.isEmpty || uid == planned) && from == plan.path.description
            && (remembered == nil || remembered == directory.fileID
                || others.contains { $0.directory.fileID == remembered })
    }
}
