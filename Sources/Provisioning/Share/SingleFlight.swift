import Synchronization

/// Runs an operation once for all who ask for its value at the same time.
final class SingleFlight<Value: Sendable>: Sendable {
    private let state = Mutex(SingleFlightState<Value>())

    /// Forgets the value: the next who asks runs the operation again.
    func reset() {
        state.withLock { $0.value = nil }
    }

    /// The value of an earlier run, or of `operation`, which no two callers run at once. After a failed run the next
    /// of those who wait tries in its turn.
    func value(_ operation: () async throws -> Value) async throws -> Value {
        while true {
            switch state.withLock({ $0.enter() }) {
            case .known(let value): return value
            case .mine: return try await fly(operation)
            case .others: await landing()
            }
        }
    }

    private func fly(_ operation: () async throws -> Value) async throws -> Value {
        let result: Result<Value, any Error>
        do {
            result = .success(try await operation())
        } catch {
            result = .failure(error)
        }
        for continuation in state.withLock({ $0.land(try? result.get()) }) { continuation.resume() }
        return try result.get()
    }

    private func landing() async {
        await withCheckedContinuation { continuation in
            let isFlying = state.withLock { state in
                if state.isFlying { state.waiting.append(continuation) }
                return state.isFlying
            }
            if !isFlying { continuation.resume() }
        }
    }
}

private struct SingleFlightState<Value: Sendable> {
    enum Entry {
        case known(Value)
        case mine
        case others
    }

    var isFlying = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var value: Value?

    mutating func enter() -> Entry {
        if let value { return .known(value) }
        if isFlying { return .others }
        isFlying = true
        return .mine
    }

    mutating func land(_ value: Value?) -> [CheckedContinuation<Void, Never>] {
        self.value = value
        isFlying = false
        defer { waiting = [] }
        return waiting
    }
}
