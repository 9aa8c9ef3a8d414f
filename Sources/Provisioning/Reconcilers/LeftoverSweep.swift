import ControllerKit
import Kubernetes
import Logging
import NFS

/// Takes back, once at the beginning of a leadership, what a process that died had begun for claims that are gone since:
/// nobody will ask for it again.
struct LeftoverSweep: Sendable {
    let cluster: ClusterView
    let settings: ProvisionerSettings
    let shares: Shares
    let claims: API<PersistentVolumeClaim>
    let volumes: API<PersistentVolume>
    let logger: Logger

    func run() async {
        for address in ConfiguredShares(classes: cluster.classes.objects, settings: settings).shares {
            do {
                try await sweep(shares[address])
            } catch {
                logger.info("leftovers not looked for", metadata: ["export": "\(address)", "error": "\(error)"])
            }
        }
    }

    private func sweep(_ share: Share) async throws {
        for record in try await share.unfinishedVolumes(besides: { cluster.volumes[ObjectKey(name: $0)] != nil }) {
            guard try await isAbandoned(record) else { continue }
            try await share.withdraw(record)
            logger.info(
                "leftover taken back",
                metadata: ["volume": "\(record.volume)", "export": "\(share.address)", "path": "\(record.path)"]
            )
        }
    }

    /// By the API server's word, not by a cache's.
    private func isAbandoned(_ record: VolumeRecord) async throws(KubernetesError) -> Bool {
        guard let claim = record.claim else { return false }
        let key = ObjectKey(namespace: claim.namespace, name: claim.name)
        if let current = try await found({ () async throws(KubernetesError) in try await claims.get(key) }),
            current.metadata.uid == claim.uid
        {
            return false
        }
        let volume = ObjectKey(name: record.volume)
        return try await found { () async throws(KubernetesError) in try await volumes.get(volume) } == nil
    }

    private func found<Object>(
        _ get: () async throws(KubernetesError) -> Object
    ) async throws(KubernetesError) -> Object? {
        do {
            return try await get()
        } catch let error where error.code == .notFound {
            return nil
        }
    }
}
