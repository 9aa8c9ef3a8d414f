import NFS
import Synchronization

/// Keeps workers away from a share whose server does not answer. While it is silent, one worker at a time makes a cheap
/// call to find out whether it answers again, and the others fail immediately with the last error. So a dead server costs
/// its own claims their time, and no others'.
final class ShareOutage: Sendable {
    private enum State {
        case answering
        case silent(NFSError, isProbed: Bool)
    }

    private let state = Mutex(State.answering)

    /// Runs an operation on the share.
    ///
    /// - Parameters:
    ///   - probe: One call to the server. It comes first while the server is silent, so that a single answer ends the
    ///     outage for all workers: the operation itself may run hooks for hours.
    ///   - body: The operation.
    /// - Returns: What `body` returns.
    /// - Throws: The last error, while another worker probes; what `probe` and `body` throw.
    func run<Value>(probe: () async throws -> Void, _ body: () async throws -> Value) async throws -> Value {
        if try enter() { try await find(probe) }
        do {
            return try await body()
        } catch let error as NFSError where error.meansSilence {
            state.withLock { $0 = .silent(error, isProbed: false) }
            throw error
        }
    }

    /// - Returns: Whether the caller must probe the server.
    private func enter() throws -> Bool {
        try state.withLock { state in
            guard case .silent(let error, let isProbed) = state else { return false }
            if isProbed { throw error }
            state = .silent(error, isProbed: true)
            return true
        }
    }

    private func find(_ probe: () async throws -> Void) async throws {
        do {
            try await probe()
        } catch let error as NFSError where error.meansSilence {
            state.withLock { $0 = .silent(error, isProbed: false) }
            throw error
        } catch let error as NFSError where !error.isLocal {
            // The server refused the call, so it answers. The operation reports what was refused.
        } catch {
            letNextProbe()
            throw error
        }
        state.withLock { $0 = .answering }
    }

    /// Lets another worker probe: this probe was stopped before it found anything out.
    private func letNextProbe() {
        state.withLock { state in
            if case .silent(let error, _) = state { state = .silent(error, isProbed: false) }
        }
    }
}

extension NFSError {
    /// Whether the server did not answer.
    fileprivate var meansSilence: Bool { code == .unreachable || code == .timedOut }

    /// Whether the failure says nothing about the server: the call was never sent, or nobody waited for its answer.
    fileprivate var isLocal: Bool { [.cancelled, .closed, .fenced, .disconnected].contains(code) }
}
