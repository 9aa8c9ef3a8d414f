import Foundation
import Kubernetes

/// Leader election lock, other than ours, of a provisioner that uses one of our names (L2: one provisioner of a name).
/// nfs-subdir-external-provisioner keeps it in an Endpoints object, and a controller in another namespace in a Lease.
/// Our own Lease excludes neither.
package struct ForeignLock: Sendable, Hashable {
    /// The lock object, for display: `Endpoints nfs/k8s-sigs.io-nfs-subdir-external-provisioner`.
    package let place: String
    package let holder: String
    package let renewedAt: Timestamp
    /// How long the lock is valid after its renewal.
    package let duration: Duration

    package init(place: String, holder: String, renewedAt: Timestamp, duration: Duration) {
        self.place = place
        self.holder = holder
        self.renewedAt = renewedAt
        self.duration = duration
    }
}

extension ForeignLock {
    /// Lists the locks of a name in all namespaces.
    ///
    /// - Parameters:
    ///   - name: One of ``ProvisionerSettings/lockNames``.
    ///   - ownLease: Our own lease, which does not count.
    ///   - client: The client that lists the locks.
    /// - Returns: The locks that have or had a holder.
    /// - Throws: `KubernetesError` if the locks cannot be listed.
    package static func all(
        named name: String,
        but ownLease: ObjectKey,
        _ client: KubernetesClient
    ) async throws(KubernetesError) -> [ForeignLock] {
        let selector = "metadata.name=\(name)"
        let endpoints = try await client.api(Endpoints.self).page(limit: nil, fieldSelector: selector)
        let leases = try await client.api(Lease.self).page(limit: nil, fieldSelector: selector)
        return endpoints.items.compactMap { ForeignLock($0) }
            + leases.items.filter { $0.key != ownLease }.compactMap { ForeignLock($0) }
    }

    private struct Record: Decodable {
        var holderIdentity: String?
        var leaseDurationSeconds: Int?
        var renewTime: Timestamp?
    }

    /// - Returns: nil if it has no holder.
    init?(_ endpoints: Endpoints) {
        guard let text = endpoints.metadata.annotations?["control-plane.alpha.kubernetes.io/leader"],
            let record = try? JSONDecoder().decode(Record.self, from: Data(text.utf8))
        else { return nil }
        self.init(
            "Endpoints \(endpoints.key)",
            record.holderIdentity,
            record.renewTime,
            seconds: record.leaseDurationSeconds
        )
    }

    /// - Returns: nil if it has no holder.
    init?(_ lease: Lease) {
        self.init(
            "Lease \(lease.key)",
            lease.spec?.holderIdentity,
            (lease.spec?.renewTime).map { Timestamp($0.date) },
            seconds: lease.spec?.leaseDurationSeconds
        )
    }

    private init?(_ place: String, _ holder: String?, _ renewedAt: Timestamp?, seconds: Int?) {
        guard let holder, !holder.isEmpty, let renewedAt else { return nil }
        self.init(place: place, holder: holder, renewedAt: renewedAt, duration: .seconds(seconds ?? 15))
    }
}
