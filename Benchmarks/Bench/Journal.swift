import ControllerKit
import Kubernetes
import Provisioning
import Synchronization

/// When claims and their volumes were first seen to be what: both by the claim's namespace and name, as a watch tells.
final class Journal: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Step: Hashable {
        /// The cluster has named the provisioner on the claim.
        case asked
        /// The volume exists.
        case provisioned
        /// The claim is Bound.
        case bound
        /// The volume is Released.
        case released
        /// The volume is gone.
        case gone
    }

    private struct Place: Hashable {
        let step: Step
        let namespace: String
    }

    private let seen = Mutex<[Place: [String: Instant]]>([:])
    private let claims = Store<PersistentVolumeClaim>()
    private let volumes = Store<PersistentVolume>()

    /// Watches until it is cancelled.
    func follow(_ client: KubernetesClient) async {
        let claims = Reflector(api: client.api(), store: self.claims, logger: Bench.silent, onChange: note)
        let volumes = Reflector(api: client.api(), store: self.volumes, logger: Bench.silent, onChange: note)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await claims.run() }
            group.addTask { await volumes.run() }
        }
    }

    func waitUntilSynced() async throws {
        try await claims.waitUntilSynced()
        try await volumes.waitUntilSynced()
    }

    func count(_ step: Step, in namespace: String) -> Int {
        seen.withLock { $0[Place(step: step, namespace: namespace)]?.count ?? 0 }
    }

    func time(_ step: Step, of name: String, in namespace: String) -> Instant? {
        seen.withLock { $0[Place(step: step, namespace: namespace)]?[name] }
    }

    /// - Returns: When the last of so many was seen.
    @discardableResult
    func wait(for count: Int, _ step: Step, in namespace: String) async throws -> Instant {
        try await sb_nfs_bench.wait(for: "\(count) × \(step) in \(namespace)") {
            self.count(step, in: namespace) >= count
        }
        return seen.withLock { $0[Place(step: step, namespace: namespace)]?.values.max() } ?? .now
    }

    func wait(for step: Step, of name: String, in namespace: String) async throws -> Instant {
        try await sb_nfs_bench.wait(for: "\(name) in \(namespace) is \(step)") {
            self.time(step, of: name, in: namespace) != nil
        }
        return time(step, of: name, in: namespace) ?? .now
    }

    private func note(_ change: Change<PersistentVolumeClaim>) {
        guard case .applied(_, let claim) = change, let namespace = claim.metadata.namespace else { return }
        if claim.storageProvisioner != nil { note(.asked, claim.key.name, in: namespace) }
        if claim.status?.phase == .bound { note(.bound, claim.key.name, in: namespace) }
    }

    private func note(_ change: Change<PersistentVolume>) {
        guard let claim = change.object.spec?.claimRef, let namespace = claim.namespace, let name = claim.name else {
            return
        }
        switch change {
        case .applied(_, let volume):
            note(.provisioned, name, in: namespace)
            if volume.status?.phase == .released { note(.released, name, in: namespace) }
        case .deleted: note(.gone, name, in: namespace)
        case .resynced: break
        }
    }

    private func note(_ step: Step, _ name: String, in namespace: String) {
        let now = Instant.now
        seen.withLock { seen in
            if seen[Place(step: step, namespace: namespace)]?[name] == nil {
                seen[Place(step: step, namespace: namespace), default: [:]][name] = now
            }
        }
    }
}
