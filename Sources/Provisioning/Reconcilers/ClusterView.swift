import ControllerKit
import Kubernetes
import Synchronization

/// View of the cluster for all reconcilers: the stores that reflectors keep, and where volumes lie.
package struct ClusterView: Sendable {
    /// The index of ``claims`` by class.
    package static let claimsByClass = "class"

    package let claims: Store<PersistentVolumeClaim>
    package let volumes: Store<PersistentVolume>
    package let classes: Store<StorageClass>
    package let paths = VolumePaths()
    package let id = ClusterID()
    package let deletedClaims = DeletedClaims()

    package init() {
        claims = Store(indexers: [Self.claimsByClass: { claim in claim.className.map { [$0] } ?? [] }])
        volumes = Store()
        classes = Store()
    }

    package var isSynced: Bool { claims.isSynced && volumes.isSynced && classes.isSynced }

    package func waitUntilSynced() async throws {
        try await classes.waitUntilSynced()
        try await volumes.waitUntilSynced()
        try await claims.waitUntilSynced()
    }

    /// The last known state of a volume's claim, once ``claim(of:)`` has none.
    package func lastClaimState(of volume: PersistentVolume) -> LastClaimState {
        volume.spec?.claimRef?.uid.flatMap { deletedClaims[$0] }.map(LastClaimState.seen) ?? .unseen
    }

    /// The identities that volumes remember of an export (S7: no other share is used).
    package func exportIDs(of export: ExportPath) -> Set<String> {
        volumes.objects.exportIDs(of: export)
    }
}

extension [PersistentVolume] {
    /// The identities that they remember of an export (S7: no other share is used).
    package func exportIDs(of export: ExportPath) -> Set<String> {
        let ids = compactMap { volume -> String? in
            guard let source = volume.spec?.nfs, export.isOn(server: source.server),
                volume.metadata.annotations?[AnnotationKey.share] == export.path
            else { return nil }
            return volume.metadata.annotations?[AnnotationKey.exportID]
        }
        return Set(ids)
    }
}

/// Identity of this cluster among those on the same share: the uid of its namespace `kube-system`, once known.
package final class ClusterID: Sendable {
    private let id = Mutex<String?>(nil)

    package var value: String? { id.withLock { $0 } }

    func learn(_ value: String?) {
        id.withLock { $0 = value }
    }
}
