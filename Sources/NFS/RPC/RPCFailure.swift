/// The reason why one remote call returned no value, before it is known what the call was for.
package enum RPCFailure: Error, Hashable, Sendable {
    /// The server answered with this nfsstat3 or mountstat3.
    case status(UInt32)
    /// The server's RPC layer rejected the call.
    case rejected(String)
    /// The reply violates the protocol.
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
    /// Whether the server certainly sent something, whatever it was. For ``RPCFailure/rejected(_:)`` it may not have:
    /// libnfs reports a broken connection the same way.
    var isAnswer: Bool {
        switch self {
        case .success, .failure(.status), .failure(.malformed): true
        case .failure: false
        }
    }
}
