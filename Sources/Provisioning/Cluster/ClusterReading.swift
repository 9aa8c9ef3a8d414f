import Kubernetes

/// Result of reading the cluster in addition to the shares: a complete snapshot, or the reason that there is none.
package enum ClusterReading: Sendable {
    /// No cluster is configured, or the cluster was not asked.
    case notAsked
    /// The cluster did not answer; `reason` says why.
    case failed(reason: String)
    case read(ClusterSnapshot)

    package var snapshot: ClusterSnapshot? {
        if case .read(let snapshot) = self { snapshot } else { nil }
    }

    /// The uid of the namespace `kube-system`, if known.
    package var id: String? { snapshot?.id }
    package var volumes: [PersistentVolume] { snapshot?.volumes ?? [] }
    package var classes: [StorageClass] { snapshot?.classes ?? [] }

    package var hasFailed: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether a record belongs to this cluster. If no cluster was asked, every record does. Otherwise a record belongs
    /// to it that names it or names none; while the cluster's id is unknown, only one that names none.
    ///
    /// - Parameter cluster: The cluster that the record names.
    /// - Returns: The answer.
    package func isOurs(_ cluster: String?) -> Bool {
        if case .notAsked = self { return true }
        return cluster == nil || cluster == id
    }
}
