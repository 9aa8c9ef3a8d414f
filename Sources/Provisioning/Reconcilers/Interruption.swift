import Kubernetes
import NFS

extension Error {
    /// Whether work was stopped, by a shutdown or the loss of the lease, rather than met by trouble: nobody but the log
    /// need know.
    var isInterruption: Bool {
        switch self {
        case is CancellationError: true
        case let error as NFSError: [.cancelled, .closed, .fenced].contains(error.code)
        case let error as KubernetesError: error.code == .cancelled
        default: false
        }
    }
}
