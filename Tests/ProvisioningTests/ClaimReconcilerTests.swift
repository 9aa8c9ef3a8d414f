import ControllerKit
import Foundation
import Kubernetes
import Logging
import Prometheus
import TestBed
import Testing

@testable import Provisioning

@Suite("A stale cache of claims does no harm")
struct ClaimReconcilerTests {
    struct Stale: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the API server has in truth, of what the cache has; nil: nothing.
        let truth: @Sendable (PersistentVolumeClaim) -> PersistentVolumeClaim?
    }

    @Test(
        "C9: nothing is created",
        arguments: [
            Stale(testDescription: "the claim is gone") { _ in nil },
            Stale(testDescription: "another claim has its name") { $0 },
            Stale(testDescription: "it has a volume") { claim in
                var claim = claim
                claim.spec?.volumeName = "taken"
                return claim
            },
        ]
    )
    func stale(stale: Stale) async throws {
        try await ShareFixture.run { fixture in
            let client = try Self.client()
            let namespace = "claims-\(UUID().uuidString.prefix(8).lowercased())"
            _ = try await client.api(Namespace.self).create(Namespace(metadata: ObjectMeta(name: namespace)))
            var cached = ClaimVerdictTests.claim { $0.metadata.namespace = namespace }
            if var truth = stale.truth(cached) {
                truth.metadata.uid = nil
                truth.metadata.resourceVersion = nil
                truth.status = nil
                let created = try await client.api(PersistentVolumeClaim.self).create(truth)
                // The same claim where the test is of its volume, an earlier one where it is of its identity.
                if truth.spec?.volumeName != nil { cached.metadata.uid = created.metadata.uid }
            }
            let cluster = ClusterView()
            cluster.claims.upsert(cached)
            cluster.classes.upsert(ClaimVerdictTests.storageClass { $0.metadata.resourceVersion = "1" })
            let reconciler = Self.reconciler(cluster, client, fixture)
            #expect(cluster.claims[cached.key] != nil)
            _ = try await reconciler.reconcile(cached.key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path()) == [])
            try await client.api(Namespace.self).delete(ObjectKey(name: namespace))
            try await client.shutdown()
        }
    }

    @Test("C10: a volume of the claim's name that another process made for another claim meanwhile stays as it is")
    func volumeOfAnother() async throws {
        try await ShareFixture.run { fixture in
            let client = try Self.client()
            let namespace = "claims-\(UUID().uuidString.prefix(8).lowercased())"
            _ = try await client.api(Namespace.self).create(Namespace(metadata: ObjectMeta(name: namespace)))
            var wanted = ClaimVerdictTests.claim { $0.metadata.namespace = namespace }
            (wanted.metadata.uid, wanted.metadata.resourceVersion, wanted.status) = (nil, nil, nil)
            let claim = try await client.api(PersistentVolumeClaim.self).create(wanted)
            let plan = try fixture.plan("other")
            var theirs = plan.volume
            theirs.metadata.name = "pvc-\(claim.metadata.uid ?? "")"
            theirs.spec?.claimRef?.uid = "of-another-claim"
            let made = try await client.api(PersistentVolume.self).create(theirs)
            let cluster = ClusterView()
            cluster.claims.upsert(claim)
            cluster.classes.upsert(ClaimVerdictTests.storageClass { $0.metadata.resourceVersion = "1" })
            let error = await #expect(throws: ShareError.self) {
                _ = try await Self.reconciler(cluster, client, fixture).reconcile(claim.key)
            }
            #expect(error?.description.contains("belongs to another claim") == true)
            let now = try await client.api(PersistentVolume.self).get(made.key)
            #expect(now.spec == made.spec && now.metadata.annotations == made.metadata.annotations)
            try await client.api(PersistentVolume.self).delete(made.key)
            try await client.api(Namespace.self).delete(ObjectKey(name: namespace))
            try await client.shutdown()
        }
    }

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func client() throws -> KubernetesClient {
        let kubeconfig = try TestBed.current().kubeconfig
        return KubernetesClient(
            configuration: try ClusterConfiguration.load(kubeconfig: kubeconfig, environment: [:]),
            logger: logger
        )
    }

    private static func reconciler(
        _ cluster: ClusterView,
        _ client: KubernetesClient,
        _ fixture: ShareFixture
    ) -> ClaimReconciler {
        ClaimReconciler(
            cluster: cluster,
            settings: fixture.settings,
            shares: fixture.shares,
            client: client,
            events: EventRecorder(client: client, component: "test", instance: "test", logger: logger),
            metrics: ClaimMetrics(Registry()),
            bindings: ClaimBindings(claims: cluster.claims, logger: logger)
        )
    }
}
