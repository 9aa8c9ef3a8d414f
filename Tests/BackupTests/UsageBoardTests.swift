import ControllerKit
import Kubernetes
import NFS
import Prometheus
import Testing

@testable import Provisioning

@Suite("Usage metrics")
struct UsageBoardTests {
    static func volume(_ name: String, namespace: String, request: String, provisioner: String? = nil)
        -> PersistentVolume
    {
        let provisioner = provisioner ?? ProvisionerSettings().provisionerName
        return PersistentVolume(
            metadata: ObjectMeta(
                name: name,
                resourceVersion: "1",
                annotations: [AnnotationKey.provisionedBy: provisioner]
            ),
            spec: PersistentVolume.Spec(
                capacity: ["storage": Quantity(rawValue: request)],
                claimRef: ObjectReference(namespace: namespace, name: name, uid: name),
                storageClassName: "standard"
            )
        )
    }

    @Test("By class and namespace: requested, used, measured, above the request; other provisioners' do not count")
    func totals() throws {
        let cluster = ClusterView()
        cluster.volumes.upsert(Self.volume("a", namespace: "n", request: "1Ki"))
        cluster.volumes.upsert(Self.volume("b", namespace: "n", request: "7Ei"))
        cluster.volumes.upsert(Self.volume("c", namespace: "n", request: "7Ei"))
        cluster.volumes.upsert(Self.volume("d", namespace: "n", request: "7Ei"))
        cluster.volumes.upsert(Self.volume("e", namespace: "m", request: "1Ki"))
        cluster.volumes.upsert(Self.volume("f", namespace: "m", request: "1Ki", provisioner: "other"))
        let board = UsageBoard(cluster: cluster, settings: ProvisionerSettings())
        let export = try #require(ExportPath(server: "nas", path: "/srv"))
        let share = ShareAddress(export: export, options: try .parse([]))
        func sample(_ used: UInt64) -> UsageSample {
            UsageSample(at: Timestamp(seconds: 1), usedBytes: used, lengthBytes: 1, files: 2, directories: 3)
        }
        board.show(["a": sample(1025), "gone": sample(1)], on: share)
        board.show(sample(.max), of: "b", on: share)
        let totals = Dictionary(uniqueKeysWithValues: board.totals.map { ($0.namespace, $0) })
        #expect(totals.keys.sorted() == ["m", "n"])
        let total = try #require(totals["n"])
        #expect(
            total.volumes == 4 && total.measured == 2 && total.aboveRequest == 2 && total.storageClass == "standard"
        )
        #expect(total.usedBytes == .max && total.requestedBytes == .max, "clamped")
        #expect(totals["m"]?.measured == 0 && totals["m"]?.requestedBytes == 1024)
        let registry = Registry()
        ProvisioningMetrics(registry).show(board)
        #expect(
            registry.text().contains(#"sb_nfs_volumes_above_request{class="standard",namespace="n"} 2"#)
                && !registry.text().contains(#"namespace="m""#)
        )
        board.clear()
        #expect(board.totals.allSatisfy { $0.measured == 0 && $0.usedBytes == 0 })
    }

    @Test("A claim's current request overrides that at provisioning, if it is the same claim")
    func request() {
        let cluster = ClusterView()
        let volume = Self.volume("a", namespace: "n", request: "1Ki")
        for (version, uid) in [("1", "other"), ("2", "a")] {
            cluster.claims.upsert(
                PersistentVolumeClaim(
                    metadata: ObjectMeta(name: "a", namespace: "n", uid: uid, resourceVersion: version),
                    spec: .init(resources: .init(requests: ["storage": Quantity(rawValue: "2Ki")]))
                )
            )
            #expect(cluster.request(of: volume)?.rawValue == (uid == "a" ? "2Ki" : "1Ki"))
        }
    }
}
