import NFS
import Synchronization

/// Keeps workers away from a share whose server does not answer. While it is silent, one worker at a time makes a cheap call
/// to find out whether it answers again, and the others fail at once with what the last one met. So a dead server costs its
/// own claims their time, and no other's.
final class ShareOutage: Sendable {
    private enum State {
        case answering
        case silent(NFSError, isProbed: Bool)
    }

    private let state = Mutex(State.answering)

    /// Runs an operation on the share.
    ///
    /// - Parameters:
    ///   - probe: One call to the server. It comes first while the server is silent, so that a single answer ends the outage
    ///     for everybody: the operation itself may run hooks for hours.
    ///   - body: The operation.
    /// - Returns: What `body` returns.
    /// - Throws: What the last one met, while another is finding out; what `probe` and `body` throw.
    func run<Value>(probe: () async throws -> Void, _ body: () async throws -> Value) async throws -> Value {
        if try enter() { try await find(probe) }
        do {
            return try await body()
        } catch let error as NFSError where error.meansSilence {
            state.withLock { $0 = .silent(error, isProbed: false) }
            throw error
        }
    }

    /// - Returns: Whether the caller is to find out whether the server answers.
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
            // The server refused the call, so it answers. What it refused is the operation's to say.
        } catch {
            letNextProbe()
            throw error
        }
        state.withLock { $0 = .answering }
    }

    /// The probe was stopped before it found anything out.
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
