import NFS
import Synchronization

/// Keeps workers away from a share whose server does not answer: while it does not, one of them at a time finds out
/// whether it answers again, and the others fail at once with what the last one met. So a dead server costs its own
/// claims their time, and no other's.
final class ShareOutage: Sendable {
    private enum State {
        case answering
        case silent(NFSError, isProbed: Bool)
    }

    private let state = Mutex(State.answering)

    /// - Throws: What the last one met, while another is finding out.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        try enter()
        do {
            let value = try await body()
            state.withLock { $0 = .answering }
            return value
        } catch let error as NFSError where error.code == .unreachable || error.code == .timedOut {
            state.withLock { $0 = .silent(error, isProbed: false) }
            throw error
        } catch {
            leave()
            throw error
        }
    }

    private func enter() throws {
        try state.withLock { state in
            guard case .silent(let error, let isProbed) = state else { return }
            if isProbed { throw error }
            state = .silent(error, isProbed: true)
        }
    }

    /// Another failure says nothing of the server: the next one finds out.
    private func leave() {
        state.withLock { state in
            if case .silent(let error, _) = state { state = .silent(error, isProbed: false) }
        }
    }
}
