import Synchronization

/// Runs an operation once for all callers that ask for its value at the same time.
final class SingleFlight<Value: Sendable>: Sendable {
    private typealias Landing = CheckedContinuation<Result<Value, any Error>?, Never>

    private enum State {
        case idle
        case flying([Landing])
        case landed(Value)
    }

    private enum Entry {
        case known(Value)
        case mine
        case others
    }

    private let state = Mutex(State.idle)

    /// Forgets the value, so that the next caller runs the operation again.
    func reset() {
        state.withLock { state in
            if case .landed = state { state = .idle }
        }
    }

    /// The value of an earlier run, or of `operation`, which no two callers run at the same time. All who waited for it get its
    /// failure. A cancellation goes only to the cancelled caller: another runs the operation in its place.
    func value(_ operation: () async throws -> Value) async throws -> Value {
        while true {
            switch state.withLock({ Self.enter(&$0) }) {
            case .known(let value): return value
            case .mine: return try await fly(operation)
            case .others: if let result = await landing() { return try result.get() }
            }
        }
    }

    private static func enter(_ state: inout State) -> Entry {
        switch state {
        case .landed(let value):
            return .known(value)
        case .flying:
            return .others
        case .idle:
            state = .flying([])
            return .mine
        }
    }

    private func fly(_ operation: () async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            result = .success(try await operation())
        } catch {
            result = .failure(error)
        }
        let waiting = state.withLock { state -> [Landing] in
            guard case .flying(let waiting) = state else { return [] }
            if case .success(let value) = result { state = .landed(value) } else { state = .idle }
            return waiting
        }
        for landing in waiting { landing.resume(returning: Task.isCancelled ? nil : result) }
        return try result.get()
    }

    /// - Returns: nil if the caller must check again.
    private func landing() async -> Result<Value, any Error>? {
        await withCheckedContinuation { landing in
            let isWaiting = state.withLock { state in
                guard case .flying(let waiting) = state else { return false }
                state = .flying(waiting + [landing])
                return true
            }
            if !isWaiting { landing.resume(returning: nil) }
        }
    }
}
