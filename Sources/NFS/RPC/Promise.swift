import Synchronization

/// A value that one task waits for and the first of several events provides: an answer, a deadline, or the task's
/// cancellation. It outlives the wait, so that a late answer still finds its target.
final class Promise<Value: Sendable>: Sendable {
    typealias Outcome = Result<Value, RPCFailure>

    private enum State {
        case pending
        case awaited(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
    }

    private let state = Mutex(State.pending)

    /// Provides the value; returns `false` if the promise was settled before.
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

    /// Waits for the value, optionally even after the task is cancelled. It may be called only once.
    ///
    /// - Throws: The failure it was settled with; ``RPCFailure/cancelled`` as soon as the task is cancelled.
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
