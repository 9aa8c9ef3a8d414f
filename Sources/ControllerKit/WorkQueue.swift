import Synchronization

/// A queue of keys for a fixed number of workers, first come first served within a group of keys.
///
/// - Groups take turns, so that one with many queued keys does not delay the others.
/// - A key added many times is queued once.
/// - A key is never processed twice at the same time. If added while it is processed, it is queued once more afterwards.
/// - A key added with a delay is queued at the earliest requested time. Delays pass only while ``run()`` runs.
/// - Failures are counted per key, and ``retry(_:)`` waits longer after each.
///
/// The other rules are those of client-go's `workqueue`.
package final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private typealias State = WorkQueueState<Key, CheckedContinuation<Key?, Never>>

    private let state: Mutex<State>
    private let backoff: Backoff
    private let stopwatch: Stopwatch
    private let timerReset = Signal()

    /// - Parameters:
    ///   - backoff: Delays of ``retry(_:)``.
    ///   - clock: The clock that measures delays.
    ///   - group: Returns the group of a key, when it is queued; by default, all keys are in one group.
    package init(
        backoff: Backoff = .reconcile,
        clock: some Clock<Duration> = ContinuousClock(),
        group: @escaping @Sendable (Key) -> String = { _ in "" }
    ) {
        state = Mutex(State(group: group))
        self.backoff = backoff
        stopwatch = Stopwatch(clock)
    }

    /// Queues `key` now. After ``shutDown()`` it is ignored.
    package func add(_ key: Key) {
        perform(state.withLock { $0.add(key) })
    }

    /// Queues `key` after `delay`, unless it is queued already or due earlier.
    package func add(_ key: Key, after delay: Duration) {
        let due = stopwatch.now + delay
        perform(state.withLock { $0.add(key, due: due) })
    }

    /// Counts a failure of `key` and queues it after a delay that grows with the count.
    ///
    /// - Returns: The delay.
    @discardableResult
    package func retry(_ key: Key) -> Duration {
        let delay = backoff.delay(afterFailures: state.withLock { $0.countFailure(key) })
        add(key, after: delay)
        return delay
    }

    /// Forgets the failures of `key`; the next ``retry(_:)`` starts with the first delay again.
    package func forget(_ key: Key) {
        state.withLock { $0.forget(key) }
    }

    /// Failures of `key` since it was last forgotten.
    package func attempts(_ key: Key) -> Int {
        state.withLock { $0.attempts(key) }
    }

    /// Waits for the next key to work on; returns `nil` when the queue is shut down or the task is cancelled.
    package func next() async -> WorkLease<Key>? {
        let id = state.withLock { $0.number() }
        let key = await withTaskCancellationHandler {
            await withCheckedContinuation { worker in
                let answer: Key?? = state.withLock { state in
                    // Checked under the lock: a later cancellation finds the worker in line.
                    if Task.isCancelled { return .some(nil) }
                    switch state.next() {
                    case .work(let key):
                        return key
                    case .shutDown:
                        return .some(nil)
                    case .wait:
                        state.wait(worker, id: id)
                        return nil
                    }
                }
                if let answer { worker.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.leave(id: id) }?.resume(returning: nil)
        }
        return key.map { WorkLease(key: $0, queue: self) }
    }

    /// Ends the queue for good: waiting workers and every later ``next()`` get `nil`, queued keys are dropped, and
    /// ``run()`` returns. Keys being worked on are not affected.
    package func shutDown() {
        perform(state.withLock { $0.shutDown() })
        timerReset.raise()
    }

    /// Queues delayed keys as they come due, until ``shutDown()`` or cancellation.
    package func run() async {
        while !Task.isCancelled {
            let now = stopwatch.now
            let (effects, earliest, isShutDown) = state.withLock { state in
                (state.advance(to: now), state.earliest, state.isShutDown)
            }
            effects.forEach(perform)
            if isShutDown { return }
            await waitForTimer(until: earliest)
        }
    }

    /// The statistics of the queue so far.
    package var statistics: WorkQueueStatistics {
        state.withLock { $0.statistics }
    }

    var isShutDown: Bool {
        state.withLock { $0.isShutDown }
    }

    func finish(_ key: Key) {
        perform(state.withLock { $0.finish(key) })
    }

    private func waitForTimer(until due: Duration?) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.timerReset.wait() }
            if let due {
                // The sleep ends early only by cancellation, when the other child has already decided.
                group.addTask { try? await self.stopwatch.sleep(until: due) }
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func perform(_ effect: State.Effect) {
        switch effect {
        case .none:
            break
        case .hand(let key, let worker):
            worker.resume(returning: key)
        case .resetTimer:
            timerReset.raise()
        case .dismiss(let workers):
            workers.forEach { $0.resume(returning: nil) }
        }
    }
}

/// A clock that counts from the stopwatch's creation, so that state machines use plain `Duration`s whatever clock
/// drives them.
struct Stopwatch: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let sleepUntil: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleepUntil = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    }

    var now: Duration { elapsed() }

    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until instant: Duration) async throws {
        try await sleepUntil(instant)
    }

    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws {
        try await sleepUntil(now + duration)
    }
}

/// One key assigned to one worker; no other worker gets the key until the lease has ended.
///
/// The lease ends with ``done()`` or with its scope, so it can be neither forgotten nor ended twice.
package struct WorkLease<Key: Hashable & Sendable>: ~Copyable, Sendable {
    /// The key to work on.
    package let key: Key
    private let queue: WorkQueue<Key>

    init(key: Key, queue: WorkQueue<Key>) {
        self.key = key
        self.queue = queue
    }

    /// Returns the key; if it was added meanwhile, it is queued again.
    package consuming func done() {}

    deinit {
        queue.finish(key)
    }
}

/// The statistics of a ``WorkQueue`` since its creation.
package struct WorkQueueStatistics: Hashable, Sendable {
    /// Queued keys.
    package var depth = 0
    /// Keys that were queued; a key that was queued already is not counted.
    package var adds = 0
    /// Failures that were counted.
    package var retries = 0

    package init(depth: Int = 0, adds: Int = 0, retries: Int = 0) {
        self.depth = depth
        self.adds = adds
        self.retries = retries
    }
}
