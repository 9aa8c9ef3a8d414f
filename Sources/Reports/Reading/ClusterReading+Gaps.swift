import Provisioning

extension ClusterReading {
    /// Why nothing is known about the cluster; nil if it was read.
    var silence: String? {
        switch self {
        case .notAsked: "the cluster was not asked"
        case .failed: "the cluster did not answer"
        case .read: nil
        }
    }

    var gaps: [ReportGap] {
        switch self {
        case .failed(let reason):
            [ReportGap(reason: "the cluster did not answer, so its volumes are unknown: \(reason)")]
        case .read(let snapshot) where snapshot.id == nil:
            [
                ReportGap(
                    reason: "the namespace kube-system could not be read, so volumes and archives that name a cluster"
                        + " count as another cluster's"
                )
            ]
        case .notAsked, .read:
            []
        }
    }
}
