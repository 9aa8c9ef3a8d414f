import Kubernetes
import Provisioning

/// What a report knows of the cluster.
package enum ReportCluster: Sendable {
    /// None is configured, or it was not to be asked.
    case notAsked
    /// It did not answer, and why not.
    case silent(reason: String)
    /// - Parameters:
    ///   - id: The uid of the namespace `kube-system`; nil where it may not be read.
    ///   - volumes: All there are, read before the shares.
    ///   - classes: All there are.
    case seen(id: String?, volumes: [PersistentVolume], classes: [StorageClass])

    var id: String? {
        if case .seen(let id, _, _) = self { id } else { nil }
    }

    var volumes: [PersistentVolume] {
        if case .seen(_, let volumes, _) = self { volumes } else { [] }
    }

    var classes: [StorageClass] {
        if case .seen(_, _, let classes) = self { classes } else { [] }
    }

    /// Why nothing is known of it; nil: something is.
    var silence: String? {
        switch self {
        case .notAsked: "the cluster was not asked"
        case .silent: "the cluster did not answer"
        case .seen: nil
        }
    }

    var gaps: [ReportGap] {
        switch self {
        case .silent(let reason):
            [ReportGap(reason: "the cluster did not answer, so nothing is known of its volumes: \(reason)")]
        case .seen(id: nil, _, _):
            [
                ReportGap(
                    reason:
                        "the namespace kube-system could not be read, so what names a cluster is taken for another's"
                )
            ]
        case .notAsked, .seen:
            []
        }
    }

    /// Whether a record is of this cluster. Where it was asked and does not say which it is, only a record that names
    /// none is; where it was not, all are.
    func isOurs(_ cluster: String?) -> Bool {
        if case .notAsked = self { return true }
        return cluster == nil || cluster == id
    }
}
