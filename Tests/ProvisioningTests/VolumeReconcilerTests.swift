import Foundation
import Kubernetes
import Prometheus
import TestBed
import Testing

@testable import ControllerKit
@testable import Provisioning

@Suite("A volume's finalizer (V3)")
struct VolumeReconcilerTests {
    @Test("V3: the removal is known immediately, so the volume is not requested again")
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

    @Test("R13: a released volume waits until its claim's deletion was seen, and then follows the claim's last state")
    func aheadOfClaim() async throws {
        try await ReleasedVolume.run(isSeen: false) { released in
            var claim = released.claim
            released.cluster.claims.upsert(claim)
            let outcome = try await released.reconcile()
            #expect(outcome == .requeue(after: .seconds(5)))
            #expect(try released.fixture.listing == [released.path.description])
            // The last change and the deletion, of which no worker has seen anything.
            claim.metadata.annotations?[AnnotationKey.backup] = "required"
            claim.metadata.resourceVersion = "8"
            released.cluster.deletedClaims.note(claim)
            _ = released.cluster.claims.remove(claim)
            _ = try await released.reconcile()
            let archive = try released.fixture.record(ArchiveRecord.self, released.volume.key.name)
            #expect(archive?.state == .archived && archive?.backup == .required && archive?.claimUnseen == nil)
            #expect(archive?.notes?.annotations[AnnotationKey.backup] == "required")
        }
    }

    @Test("R13: a claim's last state is unknown: archived instead of deleted", arguments: [true, false])
    func unseen(isSeen: Bool) async throws {
        try await ReleasedVolume.run(isSeen: isSeen) { released in
            _ = try await released.reconcile()
            let archive = try released.fixture.record(ArchiveRecord.self, released.volume.key.name)
            #expect(archive?.claimUnseen == (isSeen ? nil : true))
            #expect(try released.fixture.listing == (isSeen ? [] : ["archived-\(released.path)"]))
            try await eventually("the volume is gone") { try await !released.isThere }
        }
    }

    @Test(
        "R15: the record of a volume that is not reclaimed after all forgets the release",
        arguments: [true, false]
    )
    func kept(hasFinalizer: Bool) async throws {
        let hooks = ScriptedHooks([.beforePurge: .failed])
        try await ReleasedVolume.run(hooks: hooks) { released in
            let name = released.volume.key.name
            await #expect(throws: HookFailure.self) { _ = try await released.reconcile() }
            #expect(try released.fixture.record(VolumeRecord.self, name)?.release?.action == .delete)
            try await released.patch(["spec": ["persistentVolumeReclaimPolicy": "Retain"]])
            if !hasFinalizer {
                try await released.patch(["metadata": ["finalizers": ["kubernetes.io/pv-protection"]]])
            }
            released.cluster.volumes.upsert(try await released.client.api().get(released.volume.key))
            _ = try await released.reconcile()
            let record = try #require(try released.fixture.record(VolumeRecord.self, name))
            #expect(record.release == nil && record.hooks == nil)
        }
    }

    @Test("R14: the record follows the claim that an admin gave the volume to, once that is known")
    func rebound() async throws {
        try await ReleasedVolume.run { released in
            let name = released.volume.key.name
            var volume = released.volume
            volume.status?.phase = .bound
            volume.spec?.claimRef?.name = "second"
            volume.spec?.claimRef?.uid = "another"
            volume.metadata.resourceVersion = "999999999"
            released.cluster.volumes.upsert(volume)
            try await released.reconciler.followVolume(volume)
            #expect(try released.fixture.record(VolumeRecord.self, name)?.claim?.name != "second")
            var claim = released.claim
            (claim.metadata.name, claim.metadata.uid, claim.metadata.labels) = ("second", "another", ["app": "b"])
            released.cluster.claims.upsert(claim)
            try await released.reconciler.followVolume(volume)
            let record = try #require(try released.fixture.record(VolumeRecord.self, name))
            #expect(record.claim?.uid == "another" && record.notes?.labels == ["app": "b"])
        }
    }

    @Test("R14: the record follows what changes of a volume and its claim later")
    func relabelled() async throws {
        try await ReleasedVolume.run { released in
            let name = released.volume.key.name
            var volume = released.volume
            volume.status?.phase = .bound
            var claim = released.claim
            released.cluster.claims.upsert(claim)
            try await released.reconciler.followVolume(volume)
            claim.metadata.labels = ["backup": "true"]
            claim.metadata.annotations?["team"] = "a"
            claim.metadata.resourceVersion = "999999998"
            released.cluster.claims.upsert(claim)
            volume.spec?.capacity = ["storage": Quantity(rawValue: "7Gi")]
            volume.spec?.mountOptions = ["nfsvers=4.1"]
            volume.metadata.resourceVersion = "999999999"
            released.cluster.volumes.upsert(volume)
            try await released.reconciler.followVolume(volume)
            let record = try #require(try released.fixture.record(VolumeRecord.self, name))
            #expect(record.notes?.labels == ["backup": "true"] && record.notes?.annotations["team"] == "a")
            #expect(record.capacity == "7Gi" && record.mountOptions == ["nfsvers=4.1"])
            #expect(record.cluster == ShareFixture.cluster)
        }
    }
}
