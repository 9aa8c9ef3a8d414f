import Kubernetes
import NFS

@testable import Provisioning

extension ArchiveRecord {
    /// An archive of the claim clinic/db.
    static func sample(
        _ id: String,
        at time: Timestamp,
        directory: DirectoryIdentity = DirectoryIdentity(.sample)
    ) -> ArchiveRecord {
        ArchiveRecord(
            id: id,
            claim: ClaimReference(ObjectReference(namespace: "clinic", name: "db", uid: "uid")),
            storageClass: "standard",
            from: "clinic-db-\(id)",
            to: "archived-clinic-db-\(id)",
            directory: directory,
            reason: "onDelete: archive",
            state: .archived,
            requestedAt: time,
            archivedAt: time
        )
    }
}

extension Attributes {
    fileprivate static let sample = Attributes(
        type: .directory,
        mode: 0o755,
        uid: 0,
        gid: 0,
        nlink: 2,
        size: 0,
        used: 0,
        fsid: 1,
        fileid: 1,
        mtime: FileTime(seconds: 0, nanoseconds: 0),
        ctime: FileTime(seconds: 0, nanoseconds: 0)
    )
}
