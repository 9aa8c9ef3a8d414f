import Synchronization

/// A value that one task waits for and whoever is first provides: an answer, a deadline, or the task's cancellation.
/// It outlives the wait, so that an answer that comes too late finds something to fall on.
final class Promise<Value: Sendable>: Sendable {
    typealias Outcome = Result<Value, RPCFailure>

    private enum State {
        case pending
        case awaited(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
    }

    private let state = Mutex(State.pending)

    /// Provides the value; `false` if someone else was first.
    @discardableResult
    func settle(_ outcome: Outcome) -> Bool {
        let (isFirst, continuation) = state.withLock { state in
            switch state {
            case .pending:
                state = .settled(outcome)
                return (true, CheckedContinuation<Outcome, Never>?.none)
            case .awaited(let continuation):
                state = .settled(outcome)
                return (true, continuation)
            case .settled:
                return (false, nil)
            }
        }
        continuation?.resume(returning: outcome)
        return isFirst
    }

    /// Waits for the value, and optionally also when the task is cancelled. To be called once.
    ///
    /// - Throws: The failure it was settled with; ``RPCFailure/cancelled`` at once when the task is cancelled.
    func value(despiteCancellation: Bool = false) async throws(RPCFailure) -> Value {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Outcome, Never>) in
                let settled: Outcome? = state.withLock { state in
                    if case .settled(let outcome) = state { return outcome }
                    state = .awaited(continuation)
                    return nil
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            if !despiteCancellation { settle(.failure(.cancelled)) }
        }
        return try outcome.get()
    }
}
