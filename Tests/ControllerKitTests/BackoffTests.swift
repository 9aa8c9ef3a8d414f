import TestBed
import Testing

@testable import ControllerKit

@Suite struct BackoffTests {
    @Test(arguments: [
        (0, 1.0), (1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (9, 256.0), (10, 300.0), (11, 300.0), (Int.max, 300.0),
    ])
    func `C12: doubles with each failure up to the maximum, however many there were`(failures: Int, seconds: Double) {
        let backoff = Backoff(initial: .seconds(1), maximum: .seconds(300), jitter: 0)
        #expect(backoff.delay(afterFailures: failures) == .seconds(seconds))
    }

    @Test func `C12: a key is tried again after a second, and at the latest after five minutes`() {
        #expect(Backoff.reconcile == Backoff(initial: .seconds(1), maximum: .seconds(300), jitter: 0.2))
    }

    @Test(arguments: [0.2, 1.0])
    func `C12: jitter takes from a delay and never adds`(jitter: Double) {
        let backoff = Backoff(initial: .seconds(8), maximum: .seconds(8), jitter: jitter)
        var generator = SeededGenerator(seed: 1)
        let delays = (0..<1_000).map { _ in backoff.delay(afterFailures: 1, using: &generator) / .seconds(8) }
        #expect(delays.allSatisfy { $0 >= 1 - jitter && $0 <= 1 })
        #expect(delays.contains { $0 < 1 - jitter * 0.95 })
        #expect(delays.contains { $0 > 1 - jitter * 0.05 })
    }
}
