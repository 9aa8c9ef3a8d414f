import Foundation
import Kubernetes
import Provisioning
import TestBed

/// A provisioner of its own with a class, and the folder on the NFS server that stands for its export.
struct Tenant: Sendable {
    let bench: Bench
    let id: String
    let share: URL
    let onDelete: ReleaseAction

    var provisioner: String { "bench.smart-bear.eu/\(id)" }
    var className: String { "bench-\(id)" }

    init(on bench: Bench, onDelete: ReleaseAction = .archive) async throws {
        self.bench = bench
        self.onDelete = onDelete
        id = String(UInt32.random(in: .min ... .max), radix: 36)
        share = URL(filePath: bench.bed.exportA).appending(path: "share-\(id)")
        try FileManager.default.createDirectory(at: share, withIntermediateDirectories: true)
        let storageClass = StorageClass(
            metadata: ObjectMeta(name: className),
            provisioner: provisioner,
            parameters: ["onDelete": onDelete.rawValue]
        )
        _ = try await bench.admin.api().create(storageClass)
    }

    /// Makes a namespace; each batch of claims has its own.
    func namespace() async throws -> String {
        let namespace = Namespace(metadata: ObjectMeta(generateName: "bench-\(id)-"))
        return try await bench.admin.api().create(namespace).key.name
    }

    func createClaim(_ name: String, in namespace: String) async throws {
        let claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: name, namespace: namespace),
            spec: PersistentVolumeClaim.Spec(
                accessModes: [.readWriteOnce],
                resources: PersistentVolumeClaim.Resources(requests: ["storage": Quantity(rawValue: "1Gi")]),
                storageClassName: className
            )
        )
        _ = try await bench.admin.api().create(claim)
    }

    /// As many at once as the client lets through.
    func createClaims(_ count: Int, in namespace: String) async throws {
        try await forEach(count) { try await createClaim("claim-\($0)", in: namespace) }
    }

    func deleteClaims(_ count: Int, in namespace: String) async throws {
        let claims = bench.admin.api(PersistentVolumeClaim.self)
        try await forEach(count) { try await claims.delete(ObjectKey(namespace: namespace, name: "claim-\($0)")) }
    }

    private func forEach(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            try await group.waitForAll()
        }
    }
}
