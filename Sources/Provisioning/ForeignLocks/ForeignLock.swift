import Foundation
import Kubernetes

/// The lock of another election of provisioners that go by a name of ours (L2: one provisioner of a name).
/// nfs-subdir-external-provisioner keeps it in an Endpoints object, and a controller in another namespace in a Lease. Ours
/// does not exclude either.
package struct ForeignLock: Sendable, Hashable {
    /// For people: `Endpoints nfs/k8s-sigs.io-nfs-subdir-external-provisioner`.
    package let place: String
    package let holder: String
    package let renewedAt: Timestamp
    /// How long it holds after that.
    package let duration: Duration

    package init(place: String, holder: String, renewedAt: Timestamp, duration: Duration) {
        self.place = place
        self.holder = holder
        self.renewedAt = renewedAt
        self.duration = duration
    }
}

extension ForeignLock {
    /// The locks of a name, in all namespaces.
    ///
    /// - Parameters:
    ///   - name: As ``ProvisionerSettings/lockNames`` has it.
    ///   - ownLease: Ours, which does not count.
    ///   - client: To look with.
    /// - Returns: Those that somebody holds or held.
    /// - Throws: Where the API server does not tell.
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

    /// - Returns: nil if nobody holds it.
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

    /// - Returns: nil if nobody holds it.
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
