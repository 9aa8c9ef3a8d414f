import Synchronization

/// Wakes the one task that waits for it; if none waits, one signal is remembered.
final class Signal: Sendable {
    private enum State {
        case lowered
        case raised
        case awaited(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.lowered)

    func raise() {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .awaited(let waiter) = state else {
                state = .raised
                return nil
            }
            state = .lowered
            return waiter
        }?.resume()
    }

    /// Returns once raised, and lowers the signal again; returns early when the task is cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                state.withLock { state -> CheckedContinuation<Void, Never>? in
                    if case .raised = state {
                        state = .lowered
                        return waiter
                    }
                    // Checked under the lock: a later cancellation finds the waiter in place.
                    if Task.isCancelled { return waiter }
                    state = .awaited(waiter)
                    return nil
                }?.resume()
            }
        } onCancel: {
            state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .awaited(let waiter) = state else { return nil }
                state = .lowered
                return waiter
            }?.resume()
        }
    }
}
