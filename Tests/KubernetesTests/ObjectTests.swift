import Foundation
import Kubernetes
import TestBed
import Testing

@Suite("Objects on a real API server", .timeLimit(.minutes(10)))
struct ObjectTests {
    private let client: KubernetesClient

    init() throws {
        client = try Cluster.client()
    }

    @Test func anObjectIsCreatedReadPatchedAndDeleted() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            let created = try await maps.create(ConfigMap("a", in: namespace, data: ["x": "1"]))
            #expect(created.metadata.uid != nil)
            #expect(created.metadata.creationTimestamp != nil)
            #expect(try await maps.get(created.key) == created)

            let patched = try await maps.patch(created.key, .merge(["data": ["x": nil, "y": "2"]]))
            #expect(patched.data == ["y": "2"])

            try await maps.delete(created.key, uid: created.metadata.uid)
            #expect(await Cluster.code { _ = try await maps.get(created.key) } == .notFound)
            #expect(await Cluster.code { try await maps.delete(created.key) } == .notFound)
        }
    }

    @Test func theSameNameTwiceAlreadyExists() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            _ = try await maps.create(ConfigMap("a", in: namespace))
            #expect(await Cluster.code { _ = try await maps.create(ConfigMap("a", in: namespace)) } == .alreadyExists)
        }
    }

    @Test("R10: another uid is a conflict, and nothing is done")
    func anotherUIDIsAConflictAndNothingIsDone() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            let map = try await maps.create(ConfigMap("a", in: namespace))
            let other = UUID().uuidString.lowercased()
            #expect(await Cluster.code { try await maps.delete(map.key, uid: other) } == .conflict)
            let patch = Patch.merge(["data": ["x": "1"]], uid: other)
            #expect(await Cluster.code { _ = try await maps.patch(map.key, patch) } == .conflict)
            #expect(try await maps.get(map.key) == map)
        }
    }

    @Test func aResourceVersionThatPassedIsAConflict() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            let map = try await maps.create(ConfigMap("a", in: namespace))
            let patch = Patch.merge(["data": ["x": "1"]], resourceVersion: map.metadata.resourceVersion)
            _ = try await maps.patch(map.key, patch)
            #expect(await Cluster.code { _ = try await maps.patch(map.key, patch) } == .conflict)
        }
    }

    @Test func aJSONPatchIsAllOrNothing() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            let map = try await maps.create(ConfigMap("a", in: namespace, data: ["x": "1", "y": "2"]))
            let changed = try await maps.patch(
                map.key,
                .json([.test(path: "/data/x", value: "1"), .remove(path: "/data/x")])
            )
            #expect(changed.data == ["y": "2"])
            let failing = Patch.json([.remove(path: "/data/y"), .test(path: "/data/x", value: "1")])
            #expect(await Cluster.code { _ = try await maps.patch(map.key, failing) } == .invalid)
            #expect(try await maps.get(map.key).data == ["y": "2"])
        }
    }

    @Test func aFinalizerIsTakenOffByItsNameFromThisObjectOnly() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            var map = ConfigMap("a", in: namespace, data: [:])
            map.metadata.finalizers = ["a.example.com/f", "b.example.com/f", "c.example.com/f"]
            let uid = try await maps.create(map).metadata.uid
            let others = Patch.removingFinalizer("b.example.com/f", uid: UUID().uuidString.lowercased())
            let refusal = await Cluster.code { _ = try await maps.patch(map.key, others) }
            #expect(refusal == .conflict || refusal == .invalid)
            for _ in 1...2 {
                let patched = try await maps.patch(map.key, .removingFinalizer("b.example.com/f", uid: uid))
                #expect(patched.metadata.finalizers == ["a.example.com/f", "c.example.com/f"])
            }
            _ = try await maps.patch(map.key, .removingFinalizer("c.example.com/f", uid: uid))
            let last = try await maps.patch(map.key, .removingFinalizer("a.example.com/f", uid: uid))
            #expect((last.metadata.finalizers ?? []) == [])
        }
    }

    @Test func aVolumeIsMadeWholeAndLeavesWhenItsFinalizerDoes() async throws {
        let volumes = client.api(PersistentVolume.self)
        let finalizer = "external-provisioner.volume.kubernetes.io/finalizer"
        let spec = PersistentVolume.Spec(
            capacity: ["storage": Quantity(rawValue: "1536Mi")],
            accessModes: [.readWriteMany, .readOnlyMany],
            nfs: PersistentVolume.NFSSource(server: "127.0.0.1", path: "/srv/a b"),
            persistentVolumeReclaimPolicy: .retain,
            storageClassName: "kubernetes-tests",
            mountOptions: ["nfsvers=3"],
            volumeMode: .filesystem
        )
        let metadata = ObjectMeta(name: "kubernetes-tests-\(UUID().uuidString.lowercased())", finalizers: [finalizer])
        let created = try await volumes.create(PersistentVolume(metadata: metadata, spec: spec))
        #expect(created.spec?.capacity?["storage"]?.bytes == 1_610_612_736)
        #expect(created.spec?.nfs == spec.nfs)
        #expect(created.spec?.mountOptions == spec.mountOptions)

        let described = try await volumes.patch(
            created.key,
            .merge(["status": ["message": "m", "phase": "Failed"]]),
            subresource: "status"
        )
        #expect(described.status?.message == "m")

        try await volumes.delete(created.key, uid: created.metadata.uid)
        try await eventually("the finalizer is taken off, between the changes of the cluster's own controllers") {
            let leaving = try await volumes.get(created.key)
            #expect(leaving.metadata.deletionTimestamp != nil)
            let rest = (leaving.metadata.finalizers ?? []).filter { $0 != finalizer }
            let patch = Patch.finalizers(rest, of: leaving.metadata)
            return await Cluster.code { _ = try await volumes.patch(created.key, patch) } == nil
        }
        try await eventually { await Cluster.code { _ = try await volumes.get(created.key) } == .notFound }
    }

    @Test func whatBreaksARuleIsInvalidAndTheSentenceSaysWhy() async throws {
        let volumes = client.api(PersistentVolume.self)
        do {
            _ = try await volumes.create(PersistentVolume(metadata: ObjectMeta(name: "Bad_Name")))
            Issue.record("was accepted")
        } catch {
            #expect(error.code == .invalid)
            #expect(error.description.hasPrefix("POST persistentvolumes/Bad_Name: invalid: "))
            #expect(error.status?.details?.causes?.isEmpty == false)
        }
    }

    @Test func aLeaseKeepsItsMicroseconds() async throws {
        let leases = client.api(Lease.self)
        try await Cluster.withNamespace(client) { namespace in
            let time = MicroTime(microseconds: 1_709_210_096_120_000)
            let spec = Lease.Spec(holderIdentity: "a", leaseDurationSeconds: 15, acquireTime: time, renewTime: time)
            let lease = try await leases.create(
                Lease(metadata: ObjectMeta(name: "l", namespace: namespace), spec: spec)
            )
            #expect(lease.spec == spec)
            let later = MicroTime(microseconds: time.microseconds + 1)
            let renewed = try await leases.patch(
                lease.key,
                .merge(
                    ["spec": ["renewTime": .string(later.description)]],
                    resourceVersion: lease.metadata.resourceVersion
                )
            )
            #expect(renewed.spec?.renewTime == later)
        }
    }

    @Test func hundredsAtOnceWaitTheirTurn() async throws {
        try await Cluster.withNamespace(client) { namespace in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<400 {
                    group.addTask {
                        _ = try await client.api(ConfigMap.self).create(ConfigMap("m-\(index)", in: namespace))
                    }
                }
                try await group.waitForAll()
            }
            let page = try await client.api(ConfigMap.self).page(limit: nil, namespace: namespace)
            #expect(page.items.count { $0.key.name.hasPrefix("m-") } == 400)
        }
    }
}
