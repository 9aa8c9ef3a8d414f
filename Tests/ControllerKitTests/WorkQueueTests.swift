import Synchronization
import TestBed
import Testing

@testable import ControllerKit

@Suite(.timeLimit(.minutes(10))) struct WorkQueueTests {
    /// What was added and what was worked on, to be compared.
    private final class Ledger: Sendable {
        private struct State {
            var added = [Int](repeating: 0, count: 20)
            var seen = [Int](repeating: 0, count: 20)
            var held = Set<Int>()
            var isSound = true
        }

        private let state = Mutex(State())

        /// Whether no key was ever with two workers.
        var isSound: Bool { state.withLock { $0.isSound } }
        /// Whether each key was worked on after it was last added.
        var isSettled: Bool { state.withLock { $0.seen == $0.added } }

        func added(_ key: Int) { state.withLock { $0.added[key] += 1 } }

        func started(_ key: Int) {
            state.withLock { state in
                if !state.held.insert(key).inserted { state.isSound = false }
                state.seen[key] = state.added[key]
            }
        }

        func ended(_ key: Int) { state.withLock { _ = $0.held.remove(key) } }
    }

    @Test func `a waiting worker gets the key that is added`() async throws {
        let queue = WorkQueue<Int>()
        async let key = take(from: queue)
        queue.add(1)
        #expect(await key == 1)
    }

    @Test func `a key added while it is worked on is in line again, once, when that is done`() async throws {
        let queue = WorkQueue<Int>()
        queue.add(1)
        guard let lease = await queue.next() else { throw CancellationError() }
        queue.add(1)
        queue.add(1)
        queue.add(2)
        #expect(await take(from: queue) == 2)
        lease.done()
        #expect(await take(from: queue) == 1)
        queue.add(3)
        #expect(await take(from: queue) == 3)
    }

    @Test func `a lease that goes out of scope is done`() async throws {
        let queue = WorkQueue<Int>()
        queue.add(1)
        if let lease = await queue.next() { #expect(lease.key == 1) }
        queue.add(1)
        #expect(await take(from: queue) == 1)
    }

    @Test func `a delayed key comes at the earliest time asked for`() async throws {
        let clock = TestClock()
        let queue = WorkQueue<Int>(clock: clock)
        try await running(queue) {
            queue.add(1, after: .seconds(30))
            queue.add(1, after: .seconds(10))
            queue.add(1, after: .seconds(20))
            try await eventually("the timer is set") { clock.earliestDeadline == .seconds(10) }

            clock.advance(by: .seconds(10) - .nanoseconds(1))
            queue.add(2)
            #expect(await take(from: queue) == 2)

            clock.advance(by: .nanoseconds(1))
            #expect(await take(from: queue) == 1)

            clock.advance(by: .seconds(60))
            queue.add(3)
            #expect(await take(from: queue) == 3)
        }
    }

    @Test func `C12: each failure of a key waits longer, until it is forgotten`() async throws {
        let clock = TestClock()
        let backoff = Backoff(initial: .seconds(1), maximum: .seconds(5), jitter: 0)
        let queue = WorkQueue<Int>(backoff: backoff, clock: clock)
        try await running(queue) {
            for (attempt, seconds) in [1, 2, 4, 5, 5].enumerated() {
                #expect(queue.attempts(1) == attempt)
                #expect(queue.retry(1) == .seconds(seconds))
                clock.advance(by: .seconds(seconds))
                #expect(await take(from: queue) == 1)
            }
            queue.forget(1)
            #expect(queue.attempts(1) == 0)
            #expect(queue.retry(1) == .seconds(1))
        }
    }

    @Test func `shut down, waiting workers and the timer go home`() async throws {
        let queue = WorkQueue<Int>()
        async let timer: Void = queue.run()
        async let first = take(from: queue)
        async let second = take(from: queue)
        queue.add(9, after: .seconds(3_600))
        queue.shutDown()
        #expect(await first == nil)
        #expect(await second == nil)
        await timer
        #expect(await take(from: queue) == nil)
    }

    @Test func `a cancelled worker takes no key along`() async throws {
        let queue = WorkQueue<Int>()
        let worker = Task { await take(from: queue) }
        worker.cancel()
        #expect(await worker.value == nil)
        queue.add(1)
        #expect(await take(from: queue) == 1)
    }

    @Test(arguments: UInt64(1)...8)
    func `many workers: no key is with two at once, and every add is followed by work`(seed: UInt64) async throws {
        let ledger = Ledger()
        let clock = TestClock()
        let queue = WorkQueue<Int>(clock: clock)

        try await running(queue) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        while let lease = await queue.next() {
                            let key = lease.key
                            ledger.started(key)
                            for _ in 0..<3 { await Task.yield() }
                            ledger.ended(key)
                            lease.done()
                        }
                    }
                }
                var generator = SeededGenerator(seed: seed)
                for _ in 0..<5_000 {
                    let key = Int.random(in: 0..<20, using: &generator)
                    let delay = Int.random(in: 0..<4, using: &generator)
                    ledger.added(key)
                    switch delay {
                    case 0: queue.add(key, after: .milliseconds(Int.random(in: 1...500, using: &generator)))
                    case 1: queue.retry(key)
                    default: queue.add(key)
                    }
                    if delay == 3 { clock.advance(by: .milliseconds(50)) }
                    if Int.random(in: 0..<50, using: &generator) == 0 { await Task.yield() }
                }
                clock.advance(by: .seconds(1_000))
                try await eventually("every key was worked on after its last add") {
                    ledger.isSettled
                }
                queue.shutDown()
                try await group.waitForAll()
            }
        }
        #expect(ledger.isSound)
    }

    private func take(from queue: WorkQueue<Int>) async -> Int? {
        guard let lease = await queue.next() else { return nil }
        return lease.key
    }

    /// Runs the queue's timer for as long as `body` takes.
    private func running(_ queue: WorkQueue<Int>, _ body: () async throws -> Void) async throws {
        async let timer: Void = queue.run()
        defer { queue.shutDown() }
        try await body()
        queue.shutDown()
        await timer
    }
}
