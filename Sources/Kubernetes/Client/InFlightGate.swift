import Synchronization

/// Limits how many operations run at a time; the rest wait in order of arrival.
final class InFlightGate: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
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
        let isAdmitted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                admit(ticket, continuation)
            }
        } onCancel: {
            // A ticket admitted before is not stopped: its request sees the cancellation itself.
            state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).continuation }
            }?.resume(returning: false)
        }
        guard isAdmitted else { throw CancellationError() }
    }

    private func admit(_ ticket: Int, _ continuation: CheckedContinuation<Bool, Never>) {
        let isAdmitted: Bool? = state.withLock { state in
            // Checked under the lock: a later cancellation finds the ticket in line.
            if Task.isCancelled { return false }
            if state.free > 0 {
                state.free -= 1
                return true
            }
            state.waiting.append((ticket, continuation))
            return nil
        }
        if let isAdmitted { continuation.resume(returning: isAdmitted) }
    }

    private func leave() {
        state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }?.resume(returning: true)
    }
}
