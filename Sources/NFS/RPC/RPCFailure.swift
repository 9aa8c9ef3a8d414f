/// Why one remote call brought no value, before it is known what the call was for.
package enum RPCFailure: Error, Hashable, Sendable {
    /// The server answered with this nfsstat3 or mountstat3.
    case status(UInt32)
    /// The server's RPC layer turned the call away.
    case rejected(String)
    /// The answer breaks the protocol.
    case malformed
    /// There was no connection, or no room on it, in time; nothing was sent.
    case unreachable(String)
    case timedOut
    case disconnected(String)
    case fenced
    case cancelled
    case closed

    /// Whether the connection is to blame and the same call on a new one may be answered.
    var isLoss: Bool {
        switch self {
        case .timedOut, .disconnected: true
        default: false
        }
    }
}

extension Result where Failure == RPCFailure {
    /// Whether the server certainly sent something, whatever it said. It need not have for ``RPCFailure/rejected(_:)``,
    /// which is what libnfs says of a connection that broke, too.
    var isAnswer: Bool {
        switch self {
        case .success, .failure(.status), .failure(.malformed): true
        case .failure: false
        }
    }
}
