import Testing

@testable import Kubernetes

@Suite struct ObjectPoolTests {
    private func place(of string: String) -> UInt? {
        string.utf8.withContiguousStorageIfAvailable { UInt(bitPattern: $0.baseAddress) }
    }

    @Test func `objects keep one copy of the strings that they have in common`() throws {
        var pool = ObjectPool()
        var keys: [String] = []
        for number in 0..<2 {
            var claim = PersistentVolumeClaim(
                metadata: ObjectMeta(
                    name: "claim-\(number)",
                    annotations: ["volume.kubernetes.io/" + "storage-\(number - number)": "nfs.example.com/\(number)"]
                )
            )
            claim.share(in: &pool)
            keys.append(try #require(claim.metadata.annotations?.keys.first))
        }
        #expect(place(of: keys[0]) != nil && place(of: keys[0]) == place(of: keys[1]))
    }

    @Test func `claims of one size keep one copy of it, of their access modes and of their annotations`() {
        /// Where the storage of a collection is.
        func storage(_ collection: some Any) -> UInt { withUnsafeBytes(of: collection) { $0.load(as: UInt.self) } }
        var pool = ObjectPool()
        var places: Set<[UInt]> = []
        for number in 0..<3 {
            let size: [String: Quantity] = ["storage": Quantity(rawValue: "\(number - number + 5)Gi")]
            var claim = PersistentVolumeClaim(
                metadata: ObjectMeta(
                    name: "claim-\(number)",
                    annotations: ["pv.kubernetes.io/bind-completed": "yes\(number - number)"],
                    finalizers: ["kubernetes.io/pvc-protection"]
                ),
                spec: PersistentVolumeClaim.Spec(
                    accessModes: [.readWriteMany],
                    resources: PersistentVolumeClaim.Resources(requests: size)
                ),
                status: PersistentVolumeClaim.Status(capacity: size)
            )
            claim.share(in: &pool)
            places.insert([
                storage(claim.metadata.annotations), storage(claim.metadata.finalizers),
                storage(claim.spec?.accessModes), storage(claim.spec?.resources?.requests),
            ])
            #expect(storage(claim.spec?.resources?.requests) == storage(claim.status?.capacity))
        }
        #expect(places.count == 1)
    }

    @Test func `a string keeps its bytes also where another is equal to it`() {
        var pool = ObjectPool()
        let (composed, decomposed) = ("Caf\u{e9} in a long street", "Cafe\u{301} in a long street")
        #expect(composed == decomposed)
        for string in [composed, decomposed, composed] {
            #expect(Array(pool.shared(string).utf8) == Array(string.utf8))
        }
    }

    @Test func `sharing changes nothing of an object, however many different strings there are`() {
        var pool = ObjectPool()
        for number in 0..<10_000 {
            let volume = PersistentVolume(
                metadata: ObjectMeta(
                    name: "pvc-\(number)",
                    labels: ["team.example.com/name": "a team of many words \(number)"],
                    annotations: ["nfs.example.com/\(number % 7)": "the value of the annotation \(number)"],
                    finalizers: ["kubernetes.io/pv-protection", "example.com/finalizer-\(number % 3)"]
                ),
                spec: PersistentVolume.Spec(
                    nfs: PersistentVolume.NFSSource(server: "nfs-server.example.com", path: "/srv/\(number)"),
                    claimRef: ObjectReference(kind: "PersistentVolumeClaim", namespace: "a-namespace-of-somebody"),
                    storageClassName: "sb-managed-nfs-storage"
                )
            )
            var shared = volume
            shared.share(in: &pool)
            #expect(shared == volume)
        }
    }
}
