import Kubernetes
import Logging
import ServiceLifecycle

/// Elects one process of many as leader, with a Lease (`coordination.k8s.io/v1`) like every Kubernetes component.
///
/// A leader that loses the lease is cancelled and then stands by again, in the same process. Its remaining work is
/// harmless if it checks ``Leadership/isValid()`` before each write. It may take as long as a lease lasts to stop,
/// because a change of storage in flight cannot be recalled.
package struct LeaderElector: Sendable {
    private enum Ending {
        case bodyEnded
        case lost
    }

    private let lease: ObjectKey
    private let candidate: Candidate
    private let timing: LeaseTiming
    private let shutdownGrace: Duration
    private let logger: Logger

    /// - Parameters:
    ///   - client: The client of the API server; preferably a dedicated one, so that a renewal waits behind no other
    ///     request.
    ///   - lease: Namespace and name of the Lease; it is created where it is missing.
    ///   - identity: A name that no other process ever has: a process that finds it in the lease considers the lease
    ///     its own.
    ///   - timing: How long the lease lasts and how often it is renewed.
    ///   - shutdownGrace: How long the body may take to end on its own once a graceful shutdown has begun.
    ///   - logger: Logs changes of leadership.
    package init(
        client: KubernetesClient,
        lease: ObjectKey,
        identity: String,
        timing: LeaseTiming = .standard,
        shutdownGrace: Duration = .seconds(20),
        logger: Logger
    ) {
        self.lease = lease
        candidate = Candidate(api: API(client: client), key: lease, identity: identity, timing: timing)
        self.timing = timing
        self.shutdownGrace = shutdownGrace
        var logger = logger
        logger[metadataKey: "lease"] = "\(lease)"
        logger[metadataKey: "leader.identity"] = "\(identity)"
        self.logger = logger
    }

    /// Stands by until it acquires the lease, then runs `body`; starts over each time the lease is lost.
    ///
    /// The lease is renewed while the body runs, and released only after it has returned. If the lease is lost, the
    /// body is cancelled and awaited, for as long as a lease lasts. On graceful shutdown, the body sees the shutdown
    /// itself, has `shutdownGrace` to end, and is then cancelled.
    ///
    /// - Parameter body: The work of the leader.
    /// - Throws: What the body throws, unless the lease was lost; `CancellationError` when the task is cancelled;
    ///   ``LeaderDidNotStop`` if the cancelled body does not stop: it is left running, and the process should end.
    package func run(_ body: @escaping @Sendable (Leadership) async throws -> Void) async throws {
        do {
            while true {
                let start = try await cancelWhenGracefulShutdown { try await acquire() }
                if try await lead(since: start, body) == .bodyEnded { return }
            }
        } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
            // Shutting down is no failure.
        }
    }

    /// Tries to acquire the lease until it succeeds.
    ///
    /// - Returns: The start of the request that acquired it.
    private func acquire() async throws -> ContinuousClock.Instant {
        var outage = OutageLog(logger: logger)
        var leader: String?
        while true {
            do throws(KubernetesError) {
                let standing = try await candidate.attempt(by: .now + timing.renewDeadline)
                outage.succeeded()
                switch standing {
                case .leading(let start):
                    return start
                case .standingBy(let holder):
                    if leader != holder { logger.info("standing by", metadata: ["leader": "\(holder)"]) }
                    leader = holder
                }
            } catch {
                try Task.checkCancellation()
                outage.failed(error)
            }
            try await Task.sleep(for: timing.retryPeriod * Double.random(in: 1...1 + LeaseTiming.jitter))
        }
    }

    /// Runs the body while the lease is ours.
    private func lead(
        since start: ContinuousClock.Instant,
        _ body: @escaping @Sendable (Leadership) async throws -> Void
    ) async throws -> Ending {
        logger.info("leading")
        let leadership = Leadership(deadline: timing.deadline(renewedAt: start))
        defer { leadership.revoke() }
        // A separate task, so that a body that does not stop can be left behind.
        let work = Task { () -> Result<Void, any Error> in
            do {
                return .success(try await withShutdownGrace(shutdownGrace) { try await body(leadership) })
            } catch {
                return .failure(error)
            }
        }
        let ending = await withTaskGroup(of: Ending.self) { group in
            group.addTask {
                _ = await work.valueUnlessCancelled()
                return .bodyEnded
            }
            group.addTask {
                await renew(leadership, since: start)
                return .lost
            }
            defer { group.cancelAll() }
            return await group.next() ?? .lost
        }
        let result = try await stop(work)
        if ending == .lost, !Task.isCancelled {
            candidate.stepDown()
            logger.info("all work as leader has ended; standing by again")
            return .lost
        }
        await release()
        try result.get()
        return .bodyEnded
    }

    /// Cancels the work, unless it has ended, and waits for it as long as a lease lasts.
    private func stop(_ work: Task<Result<Void, any Error>, Never>) async throws -> Result<Void, any Error> {
        work.cancel()
        // A separate task, awaited: this one may be cancelled, and a cancelled task does not wait.
        let result = await Task { [limit = timing.leaseDuration] in
            await withDeadline(limit) { await work.valueUnlessCancelled() } ?? nil
        }.value
        guard let result else {
            let error = LeaderDidNotStop(lease: lease, limit: timing.leaseDuration)
            logger.critical("the work as leader does not stop; giving up", metadata: ["error": "\(error)"])
            throw error
        }
        return result
    }

    /// Renews the lease; returns when it is lost, or when cancelled.
    private func renew(_ leadership: Leadership, since start: ContinuousClock.Instant) async {
        var outage = OutageLog(logger: logger)
        var overdue = start + timing.renewDeadline
        while (try? await Task.sleep(until: min(.now + timing.retryPeriod, overdue), clock: .continuous)) != nil {
            guard .now < overdue else {
                leadership.revoke()
                logger.warning("lost the lease, which could not be renewed in time; stopping")
                return
            }
            do throws(KubernetesError) {
                // At most half the remaining time: if this connection is dead, another one gets its chance.
                switch try await candidate.attempt(by: min(.now + timing.renewDeadline / 2, overdue)) {
                case .leading(let start):
                    outage.succeeded()
                    overdue = start + timing.renewDeadline
                    leadership.extend(to: timing.deadline(renewedAt: start))
                case .standingBy(let holder):
                    leadership.revoke()
                    logger.warning("lost the lease to another; stopping", metadata: ["leader": "\(holder)"])
                    return
                }
            } catch {
                if !Task.isCancelled { outage.failed(error) }
            }
        }
    }

    private func release() async {
        // A separate task, awaited: this one may be cancelled, and a cancelled task sends nothing.
        await Task {
            do throws(KubernetesError) {
                try await candidate.release(by: .now + timing.renewDeadline / 2)
                logger.info("released the lease")
            } catch {
                logger.info("failed to release the lease; it will expire", metadata: ["error": "\(error)"])
            }
        }.value
    }
}

/// The error of a leader whose work did not stop after its cancellation. Another process may be leading by now, and the
/// only sure way to stop the work is to end the process.
package struct LeaderDidNotStop: Error, CustomStringConvertible {
    let lease: ObjectKey
    let limit: Duration

    package var description: String {
        "the work under lease \(lease) did not stop within \(limit) of its cancellation; restart this process"
    }
}
