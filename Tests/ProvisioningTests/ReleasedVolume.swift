import ControllerKit
import Foundation
import Kubernetes
import Prometheus
import TestBed
import Testing

@testable import Provisioning

/// A released volume on a share and on the real API server, and a reconciler that knows the cluster as the test says.
struct ReleasedVolume {
    let fixture: ShareFixture
    let client: KubernetesClient
    let cluster: ClusterView
    let reconciler: VolumeReconciler
    let volume: PersistentVolume
    let path: VolumePath
    private let volumes: API<PersistentVolume>

    /// Releases a volume of a class with these parameters, and runs a test on it. `isSeen` says whether the deletion of its
    /// claim was seen.
    static func run(
        hooks: any VolumeHooks = NoHooks(),
        parameters: [String: String] = ["onDelete": "delete"],
        isSeen: Bool = true,
        _ body: (ReleasedVolume) async throws -> Void
    ) async throws {
        try await ShareFixture.run(hooks: hooks) { fixture in
            let client = try Cluster.client()
            let released = try await ReleasedVolume(fixture, client, parameters: parameters, isSeen: isSeen)
            var failure: (any Error)?
            do { try await body(released) } catch { failure = error }
            try await released.remove(released.volume.key)
            try await client.shutdown()
            if let failure { throw failure }
        }
    }

    private init(
        _ fixture: ShareFixture,
        _ client: KubernetesClient,
        parameters: [String: String],
        isSeen: Bool
    ) async throws {
        self.fixture = fixture
        self.client = client
        volumes = client.api()
        let made = try await fixture.volumeWithData("released-\(UUID().uuidString.lowercased())")
        path = made.plan.path
        var volume = fixture.reclaimPlan(made.plan, made.directory).volume
        volume.metadata.uid = nil
        let key = try await volumes.create(volume).key
        try await eventually("the volume is Released") { [volumes] in
            try await volumes.get(key).status?.phase == .released
        }
        self.volume = try await volumes.get(key)
        // Nobody watches: what is known of the cluster is what is put here.
        cluster = ClusterView()
        cluster.volumes.upsert(self.volume)
        cluster.paths.insert(self.volume)
        let logger = Cluster.silent
        reconciler = VolumeReconciler(
            cluster: cluster,
            settings: fixture.settings,
            shares: fixture.shares,
            client: client,
            events: EventRecorder(client: client, component: "test", instance: "test", logger: logger),
            metrics: ReclaimMetrics(Registry())
        )
        know(class: parameters, version: 1)
        if isSeen { cluster.deletedClaims.note(claim) }
    }

    /// The claim as it was.
    var claim: PersistentVolumeClaim {
        ClaimVerdictTests.claim {
            $0.metadata.namespace = volume.spec?.claimRef?.namespace
            $0.metadata.name = volume.spec?.claimRef?.name
            $0.metadata.uid = volume.spec?.claimRef?.uid
            $0.spec?.volumeName = volume.key.name
        }
    }

    func know(class parameters: [String: String], version: Int) {
        cluster.classes.upsert(
            ClaimVerdictTests.storageClass {
                $0.parameters = parameters
                $0.metadata.resourceVersion = String(version)
            }
        )
    }

    func reconcile() async throws -> Outcome { try await reconciler.reconcile(volume.key) }

    var isThere: Bool {
        get async throws {
            do {
                _ = try await volumes.get(volume.key)
                return true
            } catch let error where error.code == .notFound {
                return false
            }
        }
    }

    func patch(_ change: JSONValue) async throws {
        _ = try await volumes.patch(volume.key, .merge(change))
    }

    /// Makes another volume on the directory or below it.
    func makeNeighbour(below: String = "") async throws -> PersistentVolume {
        let name = "neighbour-\(UUID().uuidString.lowercased())"
        var neighbour = PersistentVolume(metadata: ObjectMeta(name: name), spec: volume.spec)
        neighbour.spec?.claimRef = nil
        neighbour.spec?.persistentVolumeReclaimPolicy = .retain
        neighbour.spec?.nfs?.path += below
        return try await volumes.create(neighbour)
    }

    /// Removes a volume of the cluster, whatever holds it.
    func remove(_ key: ObjectKey) async throws {
        do {
            try await volumes.delete(key)
            _ = try await volumes.patch(key, .merge(["metadata": ["finalizers": .null]]))
        } catch let error where error.code == .notFound {
            return
        }
    }
}
