import Synchronization

/// Lets a bounded number through at a time, the rest in the order they came.
final class InFlightGate: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        /// Tickets whose task was cancelled before it could wait.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(width: Int) {
        state = Mutex(State(free: width))
    }

    /// Runs `body` once there is room.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits.
    func pass<Value: Sendable>(_ body: () async -> Value) async throws(CancellationError) -> Value {
        try await enter()
        defer { leave() }
        return await body()
    }

    private func enter() async throws(CancellationError) {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        // A cancellation that came once the ticket was in leaves its mark behind.
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    admit(ticket, continuation)
                }
            } onCancel: {
                cancel(ticket)
            }
        } catch {
            throw CancellationError()
        }
    }

    private func admit(_ ticket: Int, _ continuation: CheckedContinuation<Void, any Error>) {
        let result: Result<Void, any Error>? = state.withLock { state in
            if state.cancelled.remove(ticket) != nil { return .failure(CancellationError()) }
            if state.free > 0 {
                state.free -= 1
                return .success(())
            }
            state.waiting.append((ticket, continuation))
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    /// A ticket that got in before is not held back: its request sees the cancellation itself.
    private func cancel(_ ticket: Int) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                state.cancelled.insert(ticket)
                return nil
            }
            return state.waiting.remove(at: index).continuation
        }
        waiting?.resume(throwing: CancellationError())
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }
}
