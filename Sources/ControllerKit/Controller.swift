import Logging
import ServiceLifecycle

/// A fixed number of workers that take keys from a queue and reconcile each.
///
/// A key that fails is retried indefinitely, after ever longer delays. Within `reconcile`, `Logger.current` carries the
/// key, the number of the attempt and an identifier of it.
package struct Controller<Key: Hashable & Sendable & CustomStringConvertible>: Service {
    private let name: String
    private let queue: WorkQueue<Key>
    private let width: Int
    private let shutdownGrace: Duration
    private let logger: Logger
    private let onTry: @Sendable (Duration) -> Void
    private let reconcile: @Sendable (Key) async throws -> Outcome

    /// - Parameters:
    ///   - name: The kind of object that a key stands for, such as `claim`; the key's name in the log.
    ///   - queue: The source of keys, used by this controller only; a graceful shutdown shuts it down.
    ///   - width: The number of keys that are reconciled at the same time.
    ///   - shutdownGrace: How long keys in progress may still take once a graceful shutdown has begun.
    ///   - logger: The parent of the loggers of all attempts.
    ///   - onTry: Called with the duration of each attempt.
    ///   - reconcile: Brings the object of the key one step closer to its desired state; may be run again at any time.
    package init(
        name: String,
        queue: WorkQueue<Key>,
        width: Int,
        shutdownGrace: Duration = .seconds(20),
        logger: Logger,
        onTry: @escaping @Sendable (Duration) -> Void = { _ in },
        reconcile: @escaping @Sendable (Key) async throws -> Outcome
    ) {
        self.name = name
        self.queue = queue
        self.width = width
        self.shutdownGrace = shutdownGrace
        self.logger = logger
        self.onTry = onTry
        self.reconcile = reconcile
    }

    /// Runs until graceful shutdown or cancellation.
    ///
    /// On graceful shutdown, it takes no further key, and keys in progress have `shutdownGrace` to finish. After a
    /// cancellation it can be run again: unfinished keys are back in the queue.
    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await withShutdownGrace(shutdownGrace) {
                await withDiscardingTaskGroup { group in
                    group.addTask { await queue.run() }
                    for _ in 0..<width { group.addTask { await work() } }
                }
            }
        } onGracefulShutdown: {
            queue.shutDown()
        }
    }

    private func work() async {
        while let lease = await queue.next() {
            let start = ContinuousClock.now
            await attend(to: lease.key)
            onTry(.now - start)
            lease.done()
        }
    }

    private func attend(to key: Key) async {
        var logger = logger
        logger[metadataKey: name] = "\(key)"
        logger[metadataKey: "reconcile.attempt"] = "\(queue.attempts(key) + 1)"
        logger[metadataKey: "reconcile.id"] = "\(String(UInt64.random(in: .min ... .max), radix: 36))"
        await withLogger(logger) { logger in
            do {
                try await settle(key, reconcile(key))
            } catch {
                retry(key, after: error, logger: logger)
            }
        }
    }

    private func settle(_ key: Key, _ outcome: Outcome) {
        queue.forget(key)
        if case .requeue(let delay) = outcome { queue.add(key, after: delay) }
    }

    private func retry(_ key: Key, after error: any Error, logger: Logger) {
        if Task.isCancelled {
            queue.add(key)
            logger.debug("stopped; queued again", metadata: ["error": "\(error)"])
        } else {
            let delay = queue.retry(key)
            logger.warning("failed; will retry", metadata: ["error": "\(error)", "retry.after": "\(delay)"])
        }
    }
}

/// Runs `operation`; once a graceful shutdown begins, it has `grace` to end on its own, and is then cancelled.
///
/// - Parameters:
///   - grace: Time from the beginning of the shutdown to the cancellation.
///   - operation: The operation, which sees the shutdown itself too.
/// - Throws: What `operation` throws.
func withShutdownGrace(_ grace: Duration, _ operation: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            // Either wait throws only if the operation has ended first, or everything is cancelled anyway.
            guard (try? await gracefulShutdown()) != nil else { return }
            try? await Task.sleep(for: grace)
        }
        try await group.next()
        group.cancelAll()
        try await group.waitForAll()
    }
}

/// The outcome of reconciling a key.
package enum Outcome: Hashable, Sendable {
    /// Nothing is left to do until the key is added again.
    case done
    /// The key has to be reconciled again after this time.
    case requeue(after: Duration)
}
