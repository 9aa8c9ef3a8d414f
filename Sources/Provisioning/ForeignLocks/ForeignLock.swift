import Foundation
import Kubernetes

/// The lock of another election of provisioners that go by a name of ours (rule L2): nfs-subdir-external-provisioner
/// keeps it in an Endpoints object, and a controller in another namespace in a Lease. Ours does not exclude either.
struct ForeignLock: Sendable, Hashable {
    /// For people: `Endpoints nfs/k8s-sigs.io-nfs-subdir-external-provisioner`.
    let place: String
    let holder: String
    let renewedAt: Timestamp
    /// How long it holds after that.
    let duration: Duration
}

extension ForeignLock {
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
