import Kubernetes
import Logging
import NFS
import Provisioning
import Synchronization

/// A controller, or a command of the admin's, as one process. This file and ShareOperation.swift alone know how the
/// product does what is explored.
package struct ControllerProcess: Sendable {
    static let cluster = "this-cluster"
    static let logger = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    let shares: Shares
    let address: ShareAddress
    /// The volumes that it is at: its queue gives it none a second time before it is done.
    private let underWay = Names()

    /// To be made as part of a simulated process.
    ///
    /// - Parameters:
    ///   - context: What it has of the world.
    ///   - identities: What the cluster remembers of the share.
    package init(_ context: ProcessContext, remembering identities: Set<String> = []) {
        shares = Shares(
            writer: "process-\(context.number)",
            cluster: { Self.cluster },
            expectedIdentity: { _ in .remembered(identities) },
            mayWrite: { true },
            logger: Self.logger
        )
        address = Claims.address
    }

    var share: ShareConnection { shares[address] }

    /// - Throws: ``UnderWay`` where it is at that volume.
    func working(on volume: String, _ body: () async throws -> Void) async throws {
        guard underWay.insert(volume) else { throw UnderWay(volume: volume) }
        defer { underWay.remove(volume) }
        try await body()
    }

    struct UnderWay: Error {
        let volume: String
    }

    private final class Names: Sendable {
        private let names = Mutex<Set<String>>([])

        func insert(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }

        func remove(_ name: String) { names.withLock { _ = $0.remove(name) } }
    }
}

/// The claims of the explored operations, and what is planned for them.
enum Claims {
    static let settings: ProvisionerSettings = {
        var settings = ProvisionerSettings()
        settings.export = ExportPath(server: "nas", path: "/srv")
        return settings
    }()

    static var address: ShareAddress {
        // A constant that is well formed.
        let export = ExportPath(server: "nas", path: "/srv")
        guard let export else { preconditionFailure("not an export") }
        return ShareAddress(export: export, options: ConnectionOptions())
    }

    /// The plan of a claim.
    static func plan(
        _ name: String,
        restoring archive: String? = nil,
        copies: Bool = false,
        parameters: [String: String] = [:]
    ) throws -> ProvisioningPlan {
        var annotations = [AnnotationKey.betaStorageProvisioner: settings.provisionerName]
        annotations[AnnotationKey.restoreFrom] = archive
        annotations[AnnotationKey.restoreMode] = archive == nil ? nil : copies ? "copy" : "move"
        let claim = PersistentVolumeClaim(
            metadata: ObjectMeta(
                name: name,
                namespace: "clinic",
                uid: "uid-\(name)",
                resourceVersion: "7",
                annotations: annotations
            ),
            spec: PersistentVolumeClaim.Spec(
                accessModes: [.readWriteOnce],
                resources: PersistentVolumeClaim.Resources(requests: ["storage": Quantity(rawValue: "5Gi")]),
                storageClassName: "standard"
            ),
            status: PersistentVolumeClaim.Status(phase: .pending)
        )
        var storageClass = StorageClass(
            metadata: ObjectMeta(name: "standard"),
            provisioner: settings.provisionerName,
            reclaimPolicy: .delete
        )
        storageClass.parameters = parameters
        let verdict = ClaimVerdict(on: claim, storageClass: storageClass, volume: nil, settings: settings)
        guard case .provision(let plan) = verdict else { throw NoPlan(verdict: "\(verdict)") }
        return plan
    }

    static func volume(_ name: String) -> String { "pvc-uid-\(name)" }

    /// What is to happen to a claim's volume once it is released.
    static func reclaim(_ name: String, _ action: ReleaseAction) throws -> ReclaimPlan {
        let plan = try plan(name)
        var volume = plan.volume
        volume.metadata.uid = "uid-of-volume-\(name)"
        return ReclaimPlan(volume: volume, share: address, path: plan.path, action: action)
    }

    struct NoPlan: Error {
        let verdict: String
    }
}
