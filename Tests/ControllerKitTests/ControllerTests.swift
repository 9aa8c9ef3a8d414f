import Kubernetes
import Logging
import ServiceLifecycle
import Synchronization
import TestBed
import Testing

@testable import ControllerKit

@Suite(.timeLimit(.minutes(10))) struct ControllerTests {
    private struct Trouble: Error {}

    /// What `reconcile` was asked for, and what it found.
    private final class Journal: Sendable {
        private let entries = Mutex<[String]>([])

        var all: [String] { entries.withLock { $0 } }

        func note(_ entry: String) { entries.withLock { $0.append(entry) } }
    }

    private let queue = WorkQueue<String>(
        backoff: Backoff(initial: .milliseconds(1), maximum: .milliseconds(2), jitter: 0)
    )
    private let journal = Journal()

    @Test func `C12: a key that fails is tried again until it does not, and then its failures are forgotten`()
        async throws
    {
        let (logger, records) = RecordingLogHandler.logger()
        let controller = Controller(name: "test", queue: queue, width: 2, logger: logger) { [journal] key in
            journal.note(key)
            Logger.current.info("trying")
            if journal.all.count < 4 { throw Trouble() }
            return .done
        }
        try await running(controller) {
            queue.add("a")
            try await eventually("the fourth try succeeds") { journal.all.count == 4 && queue.attempts("a") == 0 }
        }
        let tries = records.metadata(of: "trying")
        #expect(tries.map { $0["reconcile.attempt"] } == ["1", "2", "3", "4"])
        #expect(tries.allSatisfy { $0["test"] == "a" })
        #expect(Set(tries.map { "\($0["reconcile.id"] ?? "")" }).count == 4)
        #expect(records.metadata(of: "failed; will retry").count == 3)
    }

    @Test func `a key may ask to be looked at again`() async throws {
        let controller = Controller(name: "test", queue: queue, width: 1, logger: Cluster.silent) { [journal] key in
            journal.note(key)
            return journal.all.count < 3 ? .requeue(after: .milliseconds(1)) : .done
        }
        try await running(controller) {
            queue.add("a")
            try await eventually("it was looked at three times") { journal.all.count == 3 }
        }
    }

    @Test func `at most width keys are worked on at once`() async throws {
        let count = Gauge()
        let controller = Controller(name: "test", queue: queue, width: 3, logger: Cluster.silent) { [journal] key in
            count.up()
            for _ in 0..<10 { await Task.yield() }
            count.down()
            journal.note(key)
            return .done
        }
        try await running(controller) {
            for key in 0..<100 { queue.add("\(key)") }
            try await eventually("all are done") { journal.all.count == 100 }
        }
        #expect(count.peak <= 3)
    }

    @Test func `on graceful shutdown the key in hand is finished and no other is begun`() async throws {
        let gate = Gate()
        let controller = Controller(name: "test", queue: queue, width: 1, logger: Cluster.silent) { [journal] key in
            journal.note("begin \(key)")
            await gate.wait()
            journal.note("end \(key)\(Task.isCancelled ? " cancelled" : "")")
            return .done
        }
        let group = Self.group(controller)
        async let run: Void = group.run()
        queue.add("a")
        queue.add("b")
        try await eventually("a is begun") { journal.all == ["begin a"] }
        await group.triggerGracefulShutdown()
        try await eventually("the shutdown has begun") { queue.isShutDown }
        await gate.open()
        try await run
        #expect(journal.all == ["begin a", "end a"])
    }

    @Test func `cancelled, it can be run again, and the key in hand is in line again`() async throws {
        let controller = Controller(name: "test", queue: queue, width: 1, logger: Cluster.silent) { [journal] key in
            journal.note(key)
            if journal.all.count == 1 { try await Task.sleep(for: .seconds(3_600)) }
            return .done
        }
        queue.add("a")
        let first = Task { try await controller.run() }
        try await eventually("a is begun") { journal.all == ["a"] }
        first.cancel()
        try await first.value
        #expect(queue.attempts("a") == 0, "being stopped counts as a failure of the key")
        try await running(controller) {
            try await eventually("a is begun again") { journal.all == ["a", "a"] }
        }
    }

    @Test func `a key in hand that outlasts the grace is cancelled`() async throws {
        let controller = Controller(
            name: "test",
            queue: queue,
            width: 1,
            shutdownGrace: .milliseconds(20),
            logger: Cluster.silent
        ) { [journal] key in
            journal.note(key)
            try await Task.sleep(for: .seconds(3_600))
            return .done
        }
        let group = Self.group(controller)
        async let run: Void = group.run()
        queue.add("a")
        try await eventually("a is begun") { journal.all == ["a"] }
        await group.triggerGracefulShutdown()
        try await run
    }

    private static func group(_ controller: Controller<String>) -> ServiceGroup {
        ServiceGroup(configuration: .init(services: [.init(service: controller)], logger: Cluster.silent))
    }

    /// Runs the controller for as long as `body` takes.
    private func running(_ controller: Controller<String>, _ body: () async throws -> Void) async throws {
        async let run: Void = controller.run()
        try await body()
        queue.shutDown()
        try await run
    }
}

/// How many are at it, and how many were at most.
private final class Gauge: Sendable {
    private let state = Mutex((now: 0, peak: 0))

    var peak: Int { state.withLock { $0.peak } }

    func up() { state.withLock { $0 = ($0.now + 1, max($0.peak, $0.now + 1)) } }
    func down() { state.withLock { $0.now -= 1 } }
}

/// Holds up those who come until it is opened.
private actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    func open() {
        isOpen = true
        waiters.forEach { $0.resume() }
        waiters = []
    }
}
