import Kubernetes

/// What is known of the cluster beside the shares: all that it holds, or nothing, and why.
package enum ClusterReading: Sendable {
    /// None is configured, or it was not to be asked.
    case notAsked
    /// It did not answer, and why not.
    case failed(reason: String)
    case read(ClusterSnapshot)

    package var snapshot: ClusterSnapshot? {
        if case .read(let snapshot) = self { snapshot } else { nil }
    }

    /// The uid of the namespace `kube-system`, where it is known.
    package var id: String? { snapshot?.id }
    package var volumes: [PersistentVolume] { snapshot?.volumes ?? [] }
    package var classes: [StorageClass] { snapshot?.classes ?? [] }

    package var hasFailed: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether a record is of this cluster. Where one was to be asked and does not say which it is, only a record that
    /// names none is; where none was, all are.
    ///
    /// - Parameter cluster: The one that the record names.
    /// - Returns: The answer.
    package func isOurs(_ cluster: String?) -> Bool {
        if case .notAsked = self { return true }
        return cluster == nil || cluster == id
    }
}
