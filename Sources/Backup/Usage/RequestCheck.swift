import ControllerKit
import Kubernetes
import Logging
import Provisioning

/// Warns owners and admins of volumes that hold more than their claims request; NFS enforces nothing.
struct RequestCheck: Sendable {
    private static let day: Int64 = 86_400

    let cluster: ClusterView
    let events: EventRecorder
    let logger: Logger

    /// Compares a new sample with the claim's request.
    func check(_ sample: UsageSample, after earlier: UsageSample?, of name: String) async {
        guard let volume = cluster.volumes[ObjectKey(name: name)], let claim = cluster.claim(of: volume),
            let request = cluster.request(of: volume), let bytes = request.bytes.flatMap({ UInt64(exactly: $0) }),
            Self.isNews(sample, after: earlier, request: bytes)
        else { return }
        logger.warning(
            "volume uses more than its claim requests",
            metadata: [
                "volume": "\(name)", "claim": "\(claim.key)", "used": "\(sample.usedBytes)", "request": "\(request)",
            ]
        )
        await events.record(
            on: claim.reference,
            type: .warning,
            reason: EventReason.volumeAboveRequest,
            message:
                "the volume uses \(sample.usedBytes) bytes, \(sample.usedBytes - bytes) more than the \(request) that"
                + " its claim requests; NFS does not enforce requests; remove data, or request more"
        )
    }

    /// Whether a sample is above the request and worth reporting: the sample before was not above it, the volume grew
    /// by a tenth, or a new day has begun. The answer follows from the ledger alone, so that a new leader does not
    /// repeat every warning.
    static func isNews(_ sample: UsageSample, after earlier: UsageSample?, request: UInt64) -> Bool {
        guard sample.usedBytes > request else { return false }
        guard let earlier, earlier.usedBytes > request else { return true }
        return sample.usedBytes / 11 > earlier.usedBytes / 10 || sample.at.seconds / day != earlier.at.seconds / day
    }
}
