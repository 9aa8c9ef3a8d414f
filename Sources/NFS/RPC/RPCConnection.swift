import CLibNFS
import Glibc
import Synchronization

/// A connection to one service of one server. It connects on demand and reconnects after a loss, with backoff. It runs
/// on the I/O thread, which alone may touch libnfs.
actor RPCConnection {
    typealias Instant = ContinuousClock.Instant

    nonisolated let unownedExecutor = NFSEventLoop.shared.asUnownedSerialExecutor()
    nonisolated let endpoint: RPCEndpoint
    /// The number of calls that have not returned yet.
    nonisolated let load = Atomic(0)

    private let mayWrite: @Sendable () -> Bool
    private let triesAgain: Bool
    private let window: CallWindow
    private let calls: CallsInFlight
    private var alarms = Alarms()

    var context: RPCContext?
    /// The local address of the current connection, or of the last one; `nil` before the first.
    private(set) var localAddress: LocalAddress?
    private var isConnected = false
    private var isConnecting = false
    /// The promise that the attempt to connect waits for.
    var connected: Promise<Void>?
    private(set) var isClosed = false
    private var waitingToConnect: [Promise<Void>] = []
    private var backoff = ReconnectBackoff()
    /// The reason why there is no connection now.
    private(set) var lastLoss = RPCFailure.unreachable("no connection was tried yet")
    /// The failure of the calls in flight when an established connection was last lost, and the number of such losses.
    private var lastBreak = RPCFailure.disconnected("the connection was closed")
    private var losses = 0

    /// Creates a connection that is not open yet. It exists until it is closed.
    ///
    /// - Parameters:
    ///   - endpoint: What to connect to.
    ///   - window: How many calls may be in flight.
    ///   - triesAgain: Whether a call waits for further attempts when an attempt to connect fails.
    ///   - mayWrite: Called before each call that changes something, and repeatedly while one is in flight; `false`
    ///     then breaks the connection.
    init(endpoint: RPCEndpoint, window: Int, triesAgain: Bool = true, mayWrite: @escaping @Sendable () -> Bool) {
        self.endpoint = endpoint
        self.triesAgain = triesAgain
        self.mayWrite = mayWrite
        self.window = CallWindow(size: window)
        calls = CallsInFlight(window: window)
        NFSEventLoop.shared.register(self)
    }

    isolated deinit { context = nil }

    /// Makes a call that must be sent by `deadline` and be answered within `patience` of being sent.
    func perform<Value>(
        _ call: RPCCall<Value>,
        sentBy deadline: Instant,
        patience: Duration
    ) async throws(RPCFailure) -> Value {
        load.add(1, ordering: .relaxed)
        defer { load.subtract(1, ordering: .relaxed) }
        if let turn = window.enter() {
            do {
                let failure = RPCFailure.unreachable("too many calls wait for the server's answer")
                try await value(of: turn, by: deadline, else: failure)
            } catch {
                window.withdraw(turn)
                throw error
            }
        }
        do {
            repeat { try await connect(by: deadline) } while !isConnected
        } catch {
            window.leave()
            throw error
        }
        let (sent, lossesBefore) = (Instant.now, losses)
        let promise = try send(call, patience: patience, at: sent)
        // A call that changes something is awaited even if its task is cancelled: an early return would release the
        // right to write while the server still carries the call out.
        do {
            let end = sent + patience
            return try await value(of: promise, by: end, else: .timedOut, despiteCancellation: call.changes)
        } catch .rejected(let reason) {
            // libnfs has the same status for a rejected call and for a broken connection.
            throw losses == lossesBefore ? .rejected(reason) : lastBreak
        } catch .disconnected {
            throw lastBreak
        }
    }

    /// Closes the connection for good; every call in flight fails.
    func close() {
        isClosed = true
        lose(.closed)
    }

    /// Sends a call that has its place in the window. It is not `async` because nothing may come between the check
    /// whether the call may be sent and queueing it.
    private func send<Value>(
        _ call: RPCCall<Value>,
        patience: Duration,
        at now: Instant
    ) throws(RPCFailure) -> Promise<Value> {
        if let refusal = refusal(changing: call.changes) {
            window.leave()
            throw refusal
        }
        let promise = Promise<Value>()
        let (window, calls) = (window, calls)
        let id = calls.sent(changing: call.changes, at: now, patience: patience)
        let (start, box) = call.prepare { outcome in
            calls.finished(id, heard: outcome.isAnswer, at: .now)
            window.leave()
            promise.settle(outcome)
        }
        guard context?.queue(start, box: box) == true else {
            calls.finished(id, heard: false, at: .now)
            window.leave()
            throw .unreachable("libnfs: \(context?.lastError ?? "no connection")")
        }
        return promise
    }

    private func refusal(changing: Bool) -> RPCFailure? {
        if Task.isCancelled { return .cancelled }
        return changing && !mayWrite() ? .fenced : nil
    }

    // MARK: Waiting

    /// Waits for a promise until a deadline, which the I/O thread enforces.
    func value<Value>(
        of promise: Promise<Value>,
        by deadline: Instant,
        else failure: RPCFailure,
        despiteCancellation: Bool = false
    ) async throws(RPCFailure) -> Value {
        let alarm = alarms.set(at: deadline) { promise.settle(.failure(failure)) }
        defer { alarms.clear(alarm) }
        return try await promise.value(despiteCancellation: despiteCancellation)
    }

    /// Called by the I/O thread every tenth of a second while a task waits or a call is in flight.
    func tick(at now: Instant) {
        alarms.ring(at: now)
        if !loseIfFenced(), calls.areLost(at: now) { lose(.disconnected("the server stopped answering")) }
    }

    /// Calls that libnfs or the kernel may still hold must not go out after the right to write is lost. The right is
    /// never lost and regained unseen: a leader regains it only after the tasks of its last term have ended, and they
    /// wait for their calls.
    private func loseIfFenced() -> Bool {
        guard calls.hasChanges, !mayWrite() else { return false }
        lose(.disconnected("the right to write was lost while calls were in flight"))
        return true
    }

    // MARK: Sockets

    /// The descriptor to poll, whether the I/O thread has to call ``tick(at:)``, and whether it is done with this
    /// connection.
    var interest: (descriptor: pollfd, isWaiting: Bool, isOver: Bool) {
        let isWaiting = alarms.isSet || !calls.isEmpty
        guard let context = context?.context else {
            let isOver = isClosed && !isWaiting && load.load(ordering: .relaxed) == 0
            return (pollfd(fd: -1, events: 0, revents: 0), isWaiting, isOver)
        }
        let descriptor = pollfd(fd: nfs_get_fd(context), events: Int16(nfs_which_events(context)), revents: 0)
        return (descriptor, isWaiting, false)
    }

    /// Lets libnfs read and write; it calls back from within this function.
    func service(_ events: Int16) {
        guard let context = context?.context else { return }
        if events & Int16(POLLOUT) != 0, loseIfFenced() { return }
        // libnfs would lose the reason why the connection failed.
        if !isConnected, events & Int16(POLLERR | POLLHUP) != 0 {
            return lose(.unreachable(self.context?.socketError ?? "no connection"))
        }
        if nfs_service(context, Int32(events)) < 0 {
            lose(.disconnected("the server closed the connection"))
        }
    }

    /// Drops the context, and with it what the kernel has not sent (libnfs sets SO_LINGER to 0 s). The callbacks of all
    /// calls in flight come from within this function.
    private func lose(_ reason: RPCFailure) {
        lastLoss = reason
        if isConnected {
            lastBreak = reason
            losses += 1
            // A handshake alone proves nothing about the server: a proxy in between may have made it.
            if calls.wereAnswered { backoff.succeeded() } else { backoff.failed(at: .now) }
        }
        isConnected = false
        let lost = context.take()
        _ = consume lost
        // libnfs does not call back for a connect in progress.
        connected?.settle(.failure(reason))
    }

    // MARK: Connecting

    /// Waits for a connection, made by this call or by a concurrent one.
    private func connect(by deadline: Instant) async throws(RPCFailure) {
        while true {
            if isClosed { throw .closed }
            if isConnected { return }
            if Task.isCancelled { throw .cancelled }
            if isConnecting {
                let connected = Promise<Void>()
                waitingToConnect.append(connected)
                try await value(of: connected, by: deadline, else: unreachable)
            } else {
                try await pause(until: backoff.nextAttempt, within: deadline)
                guard !isClosed, !isConnected, !isConnecting else { continue }
                isConnecting = true
                await attempt(by: deadline)
                if !isConnected, !triesAgain { throw unreachable }
            }
        }
    }

    private var unreachable: RPCFailure {
        switch lastLoss {
        case .unreachable, .closed: lastLoss
        case .disconnected(let reason): .unreachable(reason)
        default: .unreachable("no connection in time")
        }
    }

    private func pause(until time: Instant, within deadline: Instant) async throws(RPCFailure) {
        let end = min(time, deadline)
        if end > .now {
            do { try await Task.sleep(until: end) } catch { throw .cancelled }
        }
        if deadline <= .now { throw unreachable }
    }

    /// Makes one attempt on behalf of all waiting calls, which then check the outcome themselves.
    private func attempt(by deadline: Instant) async {
        do {
            try await open(by: deadline)
            try established()
        } catch {
            lose(error)
            if error != .cancelled { backoff.failed(at: .now) }
        }
        isConnecting = false
        let waiting = waitingToConnect
        waitingToConnect.removeAll()
        for promise in waiting { promise.settle(.success(())) }
    }

    /// - Throws: The reason why the new connection is lost already.
    private func established() throws(RPCFailure) {
        guard context != nil else { throw lastLoss }
        calls.connected()
        isConnected = true
        localAddress = context?.localAddress
    }
}

/// The backoff after a connection to a server failed, or broke before the server answered: from 0.1 s, doubled each
/// time up to 5 s, each shortened by up to half at random, so that the clients of a returning server do not all come at
/// once.
struct ReconnectBackoff {
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(5)

    private var failures = 0
    /// When the next attempt may be made.
    private(set) var nextAttempt = ContinuousClock.now

    mutating func failed(at now: ContinuousClock.Instant) {
        let pause = min(Self.first * (1 << min(failures, 10)), Self.longest)
        failures += 1
        nextAttempt = now + pause * Double.random(in: 0.5...1)
    }

    mutating func succeeded() { self = ReconnectBackoff() }
}
