import Kubernetes
import Logging
import ServiceLifecycle

/// Lets one process of many lead, by a Lease (`coordination.k8s.io/v1`) as every Kubernetes component does.
///
/// A leader that loses the lease is told to stop and then stands by again, in the same process. What it still does in the
/// meantime is harmless if it asks ``Leadership/isValid()`` before each write. It may take as long as a lease lasts to
/// stop: a change of storage in flight cannot be called back.
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
    ///   - client: Way to the API server; best one of its own, so that a renewal waits behind no other request.
    ///   - lease: Namespace and name of the Lease; it is created where it is missing.
    ///   - identity: Names this process and no other, ever: who finds it in the lease takes the lease for its own.
    ///   - timing: How long the lease lasts and how often it is renewed.
    ///   - shutdownGrace: How long the body may take to end by itself once a graceful shutdown has begun.
    ///   - logger: Where changes of leadership are reported.
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

    /// Stands by until the lease is taken, then runs `body`; again and again, as often as the lease is lost.
    ///
    /// The lease is renewed for as long as the body runs, and given up only after it has returned. When the lease is
    /// lost the body is cancelled and waited for, as long as a lease lasts. On graceful shutdown the body sees the
    /// shutdown itself, has `shutdownGrace` to end, and is then cancelled.
    ///
    /// - Parameter body: What the leader does.
    /// - Throws: What the body throws, unless the lease was lost; `CancellationError` when the task is cancelled;
    ///   ``LeaderDidNotStop`` when the body, cancelled, goes on and on: it is left behind, and the process should end.
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

    /// Tries to take the lease until it is ours.
    ///
    /// - Returns: When the request began that took it.
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

    /// Runs the body for as long as the lease is ours.
    private func lead(
        since start: ContinuousClock.Instant,
        _ body: @escaping @Sendable (Leadership) async throws -> Void
    ) async throws -> Ending {
        logger.info("leading")
        let leadership = Leadership(deadline: timing.deadline(renewedAt: start))
        defer { leadership.revoke() }
        // A task of its own, so that a body that does not stop can be left behind.
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
        // A task of its own, waited for: this one may be cancelled, and a cancelled task waits for nothing.
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
                // Half the time there is: should this connection be dead, another gets its chance.
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
        // A task of its own, waited for: this one may be cancelled, and a cancelled task sends nothing.
        await Task {
            do throws(KubernetesError) {
                try await candidate.release(by: .now + timing.renewDeadline / 2)
                logger.info("gave the lease up")
            } catch {
                logger.info("could not give the lease up; it runs out by itself", metadata: ["error": "\(error)"])
            }
        }.value
    }
}

/// The work of a leader went on though it had been told to stop. Another process may be leading by now, and the only sure
/// way to stop that work is to end the process.
package struct LeaderDidNotStop: Error, CustomStringConvertible {
    let lease: ObjectKey
    let limit: Duration

    package var description: String {
        "the work under lease \(lease) did not stop within \(limit) of being told to; end this process and start it anew"
    }
}
