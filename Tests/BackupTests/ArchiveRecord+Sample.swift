import Kubernetes
import NFS
import TestBed

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

extension ExportPath {
    /// `nas:/srv`.
    static let sample = ExportPath("nas:/srv") ?? unusable

    /// The text above is an export's.
    private static var unusable: ExportPath { preconditionFailure("no export") }
}
