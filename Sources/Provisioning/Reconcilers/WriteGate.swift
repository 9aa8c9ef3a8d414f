import ControllerKit
import Kubernetes
import NFS
import Synchronization

/// Tells whether this process may change a share now: the NFS client asks right before each change (L6: no write after
/// the lease's deadline).
package final class WriteGate: Sendable {
    private enum State {
        case closed
        case open
        case led(Leadership)
    }

    private let state = Mutex(State.closed)

    package init() {}

    package var isOpen: Bool {
        switch state.withLock({ $0 }) {
        case .closed: false
        case .open: true
        case .led(let leadership): leadership.isValid()
        }
    }

    /// - Parameter leadership: The lease that the right to write ends with; nil without an election.
    func open(under leadership: Leadership?) {
        state.withLock { $0 = leadership.map(State.led) ?? .open }
    }

    func close() {
        state.withLock { $0 = .closed }
    }
}

extension Error {
    /// Whether a shutdown or the loss of the lease stopped the work: that is no failure, and only the log says so.
    var isInterruption: Bool {
        switch self {
        case is CancellationError: true
        case let error as NFSError: [.cancelled, .closed, .fenced].contains(error.code)
        case let error as KubernetesError: error.code == .cancelled
        default: false
        }
    }
}
