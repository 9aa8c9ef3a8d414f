import ControllerKit
import Kubernetes
import Synchronization

/// The queues of the reconcilers while this process leads, filled by the reflectors, which also run when it does not.
final class ProvisioningQueues: Sendable {
    struct Queues: Sendable {
        let classes = WorkQueue<ObjectKey>()
        /// Claims, like volumes, are queued by namespace: they wait only for others of their own namespace.
        let claims = WorkQueue<ObjectKey> { $0.namespace ?? "" }
        let volumes: WorkQueue<ObjectKey>

        init(_ cluster: ClusterView) {
            volumes = WorkQueue { [store = cluster.volumes] in store[$0]?.spec?.claimRef?.namespace ?? "" }
        }
    }

    /// The kind of object that each queue's keys stand for.
    static let names = ["class", "claim", "volume"]

    private let current = Mutex<Queues?>(nil)
    private let cluster: ClusterView

    init(cluster: ClusterView) {
        self.cluster = cluster
    }

    /// Opens new queues that hold everything known of the cluster.
    func open() -> Queues {
        cluster.paths.rebuild { cluster.volumes.objects }
        let new = Queues(cluster)
        current.withLock { $0 = new }
        for storageClass in cluster.classes.objects { new.classes.add(storageClass.key) }
        for volume in cluster.volumes.objects { new.volumes.add(volume.key) }
        for claim in cluster.claims.objects { new.claims.add(claim.key) }
        return new
    }

    /// The statistics of the queues since they were opened; all 0 while this process does not lead.
    var statistics: [(queue: String, statistics: WorkQueueStatistics)] {
        let queues = current.withLock { $0 }
        return zip(Self.names, [queues?.classes, queues?.claims, queues?.volumes]).map { name, queue in
            (name, queue?.statistics ?? WorkQueueStatistics())
        }
    }

    func close() {
        current.withLock { $0 = nil }
    }

    func claimChanged(_ change: Change<PersistentVolumeClaim>) {
        guard let queues = current.withLock({ $0 }) else { return }
        queues.claims.add(change.object.key)
        guard let volume = change.object.spec?.volumeName, !volume.isEmpty else { return }
        switch change {
        // A released volume waits until its claim's deletion is seen.
        case .deleted: queues.volumes.add(ObjectKey(name: volume))
        // A volume that is bound to another claim than the one it was made for waits until that claim is known, and the
        // record of a volume has its claim's labels and annotations (R14: the record follows the volume).
        case .applied(let old, let claim):
            let hasNews = old.map { ClaimNotes($0.metadata) != ClaimNotes(claim.metadata) } ?? false
            if hasNews || volume != claim.volumeName { queues.volumes.add(ObjectKey(name: volume)) }
        case .resynced: break
        }
    }

    func volumeChanged(_ change: Change<PersistentVolume>) {
        switch change {
        case .applied(let old, let volume):
            cluster.paths.insert(volume)
            if let claim = Self.newClaim(of: volume, before: old) { current.withLock { $0 }?.claims.add(claim) }
        case .deleted(let volume): cluster.paths.remove(volume.key.name)
        // A volume that is resynced may be gone by now.
        case .resynced: break
        }
        current.withLock { $0 }?.volumes.add(change.object.key)
    }

    /// The claim that an admin has given a volume to, whose annotations the volume must carry from now on; nil if there
    /// is no such change.
    private static func newClaim(of volume: PersistentVolume, before old: PersistentVolume?) -> ObjectKey? {
        guard let claim = volume.spec?.claimRef, let name = claim.name, let uid = claim.uid,
            uid != old?.spec?.claimRef?.uid, volume.key.name != "pvc-\(uid)"
        else { return nil }
        return ObjectKey(namespace: claim.namespace, name: name)
    }

    /// Queues the claims that wait for a class (C3: a missing class is waited for).
    func classChanged(_ change: Change<StorageClass>) {
        guard case .applied(_, let storageClass) = change, let queues = current.withLock({ $0 }) else { return }
        queues.classes.add(storageClass.key)
        for claim in cluster.claims.objects(indexedBy: ClusterView.claimsByClass, value: storageClass.key.name) {
            queues.claims.add(claim.key)
        }
    }
}
