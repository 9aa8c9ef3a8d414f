import ControllerKit
import Foundation
import Kubernetes
import Prometheus
import TestBed
import Testing

@testable import Provisioning

@Suite("A volume's finalizer (V3)")
struct VolumeReconcilerTests {
    @Test("V3: that it came off is known at once, so that nobody asks for the volume again")
    func finalizer() async throws {
        try await ShareFixture.run { fixture in
            let client = try Cluster.client()
            let volumes: API<PersistentVolume> = client.api()
            let volume = try await volumes.create(
                VolumeVerdictTests.volume { volume in
                    volume.metadata.name = "finalizer-\(UUID().uuidString.lowercased())"
                    volume.metadata.uid = nil
                    volume.spec?.capacity = ["storage": Quantity(rawValue: "1Gi")]
                    volume.spec?.accessModes = [.readWriteMany]
                    volume.spec?.persistentVolumeReclaimPolicy = .retain
                }
            )
            // Nobody watches: what is known of the cluster is what is put here.
            let cluster = ClusterView()
            cluster.volumes.upsert(volume)
            let reconciler = VolumeReconciler(
                cluster: cluster,
                settings: fixture.settings,
                shares: fixture.shares,
                client: client,
                events: EventRecorder(client: client, component: "test", instance: "test", logger: Cluster.silent),
                metrics: ReclaimMetrics(Registry())
            )
            #expect(volume.hasProvisionerFinalizer)
            _ = try await reconciler.reconcile(volume.key)
            #expect(try #require(cluster.volumes[volume.key]).hasProvisionerFinalizer == false)
            try await volumes.delete(volume.key)
            try await client.shutdown()
        }
    }
}
