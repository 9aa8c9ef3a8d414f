import Synchronization
import TestBed
import Testing

@testable import Provisioning

@Suite("One opening of a share for all who want it")
struct SingleFlightTests {
    struct Trouble: Error {}

    final class Counter: Sendable {
        let count = Mutex(0)
    }

    @Test("All simultaneous callers get the result of one run, and later ones too", arguments: [true, false])
    func shared(succeeds: Bool) async throws {
        let flight = SingleFlight<Int>()
        let gate = Gate()
        gate.isOpen.withLock { $0 = false }
        let runs = Counter()
        let results = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try? await flight.value {
                        runs.count.withLock { $0 += 1 }
                        try await eventually("the gate opens") { gate.isOpen.withLock { $0 } }
                        if !succeeds { throw Trouble() }
                        return 7
                    }
                }
            }
            await Task.yield()
            gate.isOpen.withLock { $0 = true }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: succeeds ? 7 : nil, count: 8))
        if succeeds { #expect(runs.count.withLock { $0 } == 1) }
        #expect(try await flight.value { 8 } == (succeeds ? 7 : 8))
    }

    @Test("After it is forgotten, the value is computed again")
    func reset() async throws {
        let flight = SingleFlight<Int>()
        #expect(try await flight.value { 1 } == 1)
        flight.reset()
        #expect(try await flight.value { 2 } == 2)
    }
}
