import Synchronization

/// What tells this cluster from another on the same share: the uid of its namespace `kube-system`, once it is known.
package final class ClusterID: Sendable {
    private let id = Mutex<String?>(nil)

    package var value: String? { id.withLock { $0 } }

    func learn(_ value: String?) {
        id.withLock { $0 = value }
    }
}
