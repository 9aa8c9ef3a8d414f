import ControllerKit
import Foundation
import Kubernetes
import Logging
import Prometheus
import TestBed
import Testing

@testable import Provisioning

@Suite("What a stale cache says of a claim makes nothing (C9)")
struct ClaimReconcilerTests {
    struct Stale: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the API server has in truth, of what the cache has; nil: nothing.
        let truth: @Sendable (PersistentVolumeClaim) -> PersistentVolumeClaim?
    }

    @Test(
        "C9: nothing is made",
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
            let bed = try TestBed.current()
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let client = KubernetesClient(
                configuration: try ClusterConfiguration.load(kubeconfig: bed.kubeconfig, environment: [:]),
                logger: logger
            )
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
            let reconciler = ClaimReconciler(
                cluster: cluster,
                settings: fixture.settings,
                shares: fixture.shares,
                client: client,
                events: EventRecorder(client: client, component: "test", instance: "test", logger: logger),
                metrics: ClaimMetrics(Registry()),
                bindings: ClaimBindings(claims: cluster.claims, logger: logger)
            )
            #expect(cluster.claims[cached.key] != nil)
            _ = try await reconciler.reconcile(cached.key)
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path()) == [])
            try await client.api(Namespace.self).delete(ObjectKey(name: namespace))
            try await client.shutdown()
        }
    }
}
