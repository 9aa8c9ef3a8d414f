import Kubernetes
import Simulation
import Testing

/// The simulated API server does to the real client what a real one does.
@Suite("The simulated API server")
struct ClusterTests {
    private static let empty = Snapshot(share: SimulatedFileSystem(time: 1_790_000_000_000_000_000))

    private static func run(
        _ body: @escaping @Sendable (KubernetesClient) async throws -> Void
    ) throws -> Snapshot {
        try empty.after(in: { $0.cluster }) { connection in try await body(try connection.client()) }
    }

    private static let claim = PersistentVolumeClaim(
        metadata: ObjectMeta(name: "db", namespace: "clinic"),
        spec: PersistentVolumeClaim.Spec(storageClassName: "standard"),
        status: PersistentVolumeClaim.Status(phase: .pending)
    )

    private static func volume(for claim: PersistentVolumeClaim) -> PersistentVolume {
        let reference = ObjectReference(
            kind: "PersistentVolumeClaim",
            namespace: "clinic",
            name: "db",
            uid: claim.metadata.uid
        )
        return PersistentVolume(
            metadata: ObjectMeta(name: "pv", finalizers: ["example.com/keeps"]),
            spec: PersistentVolume.Spec(claimRef: reference)
        )
    }

    @Test("Binds a volume to the claim that it names, and releases it when the claim is gone")
    func binding() throws {
        _ = try Self.run { client in
            let (claims, volumes) = (client.api(PersistentVolumeClaim.self), client.api(PersistentVolume.self))
            let claim = try await claims.create(Self.claim)
            let volume = try await volumes.create(Self.volume(for: claim))
            #expect(try await volumes.get(volume.key).status?.phase == .bound)
            #expect(try await claims.get(claim.key).spec?.volumeName == "pv")
            try await claims.delete(claim.key)
            #expect(try await volumes.get(volume.key).status?.phase == .released)
            #expect(try await volumes.page().items.map(\.key) == [volume.key])
        }
    }

    @Test("Refuses changes that a precondition contradicts, and keeps objects that have a finalizer")
    func preconditions() throws {
        let end = try Self.run { client in
            let volumes = client.api(PersistentVolume.self)
            let volume = try await volumes.create(Self.volume(for: Self.claim))
            await #expect(throws: KubernetesError.self) { try await volumes.delete(volume.key, uid: "another") }
            await #expect(throws: KubernetesError.self) {
                try await volumes.patch(volume.key, .merge(["metadata": ["labels": ["a": "b"]]], uid: "another"))
            }
            await #expect(throws: KubernetesError.self) { try await volumes.create(volume) }
            try await volumes.delete(volume.key, uid: volume.metadata.uid)
            #expect(try await volumes.get(volume.key).metadata.deletionTimestamp != nil)
            _ = try await volumes.patch(
                volume.key,
                .removingFinalizer("example.com/keeps", uid: volume.metadata.uid)
            )
        }
        #expect(end.cluster.objects.isEmpty)
    }
}
