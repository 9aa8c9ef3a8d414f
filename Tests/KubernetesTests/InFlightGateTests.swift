import Synchronization
import Testing

@testable import Kubernetes

@Suite("Requests in flight", .timeLimit(.minutes(10)))
struct InFlightGateTests {
    @Test func noMoreThanItsWidthAreInside() async throws {
        let gate = InFlightGate(width: 3)
        let inside = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try? await gate.pass {
                        inside.enter()
                        await Task.yield()
                        inside.leave()
                    }
                }
            }
        }
        #expect(inside.most <= 3)
    }

    @Test func oneThatIsCancelledWhileItWaitsLeavesItsPlace() async throws {
        let gate = InFlightGate(width: 1)
        let waiting = Task { try await gate.pass { await gate.hold() } }
        // The cancelled one either waits behind or came first; both must end, and the gate must still open.
        waiting.cancel()
        _ = await waiting.result
        try await gate.pass {}
    }
}

extension InFlightGate {
    /// Stands in line behind oneself until cancelled.
    fileprivate func hold() async {
        await #expect(throws: CancellationError.self) { try await self.pass {} }
    }
}

/// Counts who is inside.
private final class Crowd: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() {
        state.withLock {
            $0.now += 1
            $0.most = max($0.most, $0.now)
        }
    }

    func leave() {
        state.withLock { $0.now -= 1 }
    }
}
