import CLibNFS
import Glibc
import Synchronization

/// A connection to one service of one server that makes itself when it is needed and again after it broke, with
/// backoff. It runs on the I/O thread, which alone may touch libnfs.
actor RPCConnection {
    typealias Instant = ContinuousClock.Instant

    nonisolated let unownedExecutor = NFSEventLoop.shared.asUnownedSerialExecutor()
    nonisolated let endpoint: RPCEndpoint
    /// Calls that were made and have not returned.
    nonisolated let load = Atomic(0)

    private let mayWrite: @Sendable () -> Bool
    private let triesAgain: Bool
    private let window: CallWindow
    private var alarms = Alarms()

    private var context: RPCContext?
    private var isConnected = false
    private var isConnecting = false
    /// What the attempt to connect waits for.
    private var connected: Promise<Void>?
    private var isClosed = false
    private var waitingToConnect: [Promise<Void>] = []
    private var backoff = ReconnectBackoff()
    /// Why there is no connection now.
    private var lastLoss = RPCFailure.unreachable("no connection was tried yet")
    /// What became of the calls in flight when an established connection was lost last, and how many were lost.
    private var lastBreak = RPCFailure.disconnected("the connection was closed")
    private var losses = 0

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - endpoint: What to connect to.
    ///   - window: How many calls may be in flight.
    ///   - triesAgain: Whether a call waits for further attempts when one to connect fails.
    ///   - mayWrite: Asked before each call that changes something.
    init(endpoint: RPCEndpoint, window: Int, triesAgain: Bool = true, mayWrite: @escaping @Sendable () -> Bool) {
        self.endpoint = endpoint
        self.triesAgain = triesAgain
        self.mayWrite = mayWrite
        self.window = CallWindow(size: window)
        NFSEventLoop.shared.register(self)
    }

    isolated deinit { context = nil }

    /// Makes a call that must have been sent by `deadline` and whose answer may take as long as `patience` from then.
    func perform<Value>(
        _ call: RPCCall<Value>,
        sentBy deadline: Instant,
        patience: Duration
    ) async throws(RPCFailure) -> Value {
        load.add(1, ordering: .relaxed)
        defer { load.subtract(1, ordering: .relaxed) }
        if let turn = window.enter() {
            try await value(of: turn, by: deadline, else: .unreachable("too many calls wait for the server's answer"))
        }
        do {
            try await connect(by: deadline)
        } catch {
            window.leave()
            throw error
        }
        return try await send(call, patience: patience)
    }

    /// Ends the connection for good; every call under way fails.
    func close() {
        isClosed = true
        lose(.closed)
    }

    /// Sends a call that has its place in the window. Nothing suspends between asking whether it may be sent and queueing
    /// it.
    private func send<Value>(_ call: RPCCall<Value>, patience: Duration) async throws(RPCFailure) -> Value {
        guard !call.changes || mayWrite() else {
            window.leave()
            throw .fenced
        }
        let promise = Promise<Value>()
        let window = window
        let (start, box) = call.prepare { outcome in
            window.finished(changing: call.changes, heard: outcome.isAnswer)
            promise.settle(outcome)
        }
        window.sent(changing: call.changes)
        guard context?.queue(start, box: box) == true else {
            window.finished(changing: call.changes, heard: false)
            throw .unreachable("libnfs: \(context?.lastError ?? "no connection")")
        }
        let sent = Instant.now
        let lossesBefore = losses
        do {
            return try await value(of: promise, by: sent + patience, else: .timedOut)
        } catch .timedOut {
            // Nothing at all came back in that time: the connection is as good as dead, and later calls need a new one.
            if losses == lossesBefore, window.lastAnswer < sent { lose(.disconnected("the server stopped answering")) }
            throw .timedOut
        } catch .rejected(let reason) {
            // libnfs has one status for a call turned away and for a connection that broke.
            throw losses == lossesBefore ? .rejected(reason) : lastBreak
        } catch .disconnected {
            throw lastBreak
        }
    }

    // MARK: Waiting

    /// Waits for a promise until a deadline, which the I/O thread keeps.
    private func value<Value>(
        of promise: Promise<Value>,
        by deadline: Instant,
        else failure: RPCFailure
    ) async throws(RPCFailure) -> Value {
        let alarm = alarms.set(at: deadline) { promise.settle(.failure(failure)) }
        defer { alarms.clear(alarm) }
        return try await promise.value()
    }

    /// Called by the I/O thread every tenth of a second while something waits.
    func ringAlarms(at now: Instant) { alarms.ring(at: now) }

    // MARK: Sockets

    /// What the I/O thread polls for, and whether a deadline is running.
    var interest: (descriptor: pollfd, isWaiting: Bool) {
        let idle = pollfd(fd: -1, events: 0, revents: 0)
        guard let context = context?.context else { return (idle, alarms.isSet) }
        let descriptor = pollfd(fd: nfs_get_fd(context), events: Int16(nfs_which_events(context)), revents: 0)
        return (descriptor, alarms.isSet)
    }

    /// Why the socket failed to connect.
    private var socketError: String {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard let context = context?.context else { return "no connection" }
        getsockopt(nfs_get_fd(context), SOL_SOCKET, SO_ERROR, &error, &size)
        return error == 0 ? "the connection was closed" : String(cString: strerror(error))
    }

    /// Lets libnfs read and write; its callbacks come from in here.
    func service(_ events: Int16) {
        guard let context = context?.context else { return }
        // A call that a slow socket still holds must not go out after the right to write has gone.
        if events & Int16(POLLOUT) != 0, window.changesInFlight > 0, !mayWrite() {
            return lose(.disconnected("the right to write was lost while calls were on their way"))
        }
        // libnfs would forget why a connection could not be made.
        if !isConnected, events & Int16(POLLERR | POLLHUP) != 0 {
            return lose(.unreachable(socketError))
        }
        if nfs_service(context, Int32(events)) < 0 {
            lose(.disconnected("the server closed the connection"))
        }
    }

    /// Drops the context; the callbacks of all calls in flight come from in here.
    private func lose(_ reason: RPCFailure) {
        lastLoss = reason
        if isConnected {
            lastBreak = reason
            losses += 1
        }
        isConnected = false
        let lost = context.take()
        _ = consume lost
        // A connect that is under way is not called back.
        connected?.settle(.failure(reason))
    }

    // MARK: Connecting

    /// Returns with a connection, made by this call or by another that was first.
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
                guard !isConnected, !isConnecting else { continue }
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

    /// One attempt on behalf of all that wait; they see by themselves what came of it.
    private func attempt(by deadline: Instant) async {
        isConnecting = true
        do {
            try await open(by: deadline)
            backoff.succeeded()
        } catch {
            lose(error)
            if error != .cancelled { backoff.failed(at: .now) }
        }
        isConnecting = false
        let waiting = waitingToConnect
        waitingToConnect.removeAll()
        for promise in waiting { promise.settle(.success(())) }
    }

    /// Tries each address of the server.
    private func open(by deadline: Instant) async throws(RPCFailure) {
        let addresses = try await value(
            of: HostResolver.addresses(of: endpoint.server),
            by: deadline,
            else: .unreachable("its name was not resolved in time")
        )
        var failure = RPCFailure.unreachable("the name has no address")
        for (tried, address) in addresses.enumerated() {
            // A dead address must leave time for the others.
            let share = (deadline - .now) / (addresses.count - tried)
            do {
                return try await open(address, by: .now + min(share, endpoint.timeout))
            } catch {
                failure = error
                guard case .unreachable = error else { break }
            }
        }
        throw failure
    }

    private func open(_ address: HostAddress, by deadline: Instant) async throws(RPCFailure) {
        let port: UInt16
        if let known = endpoint.port {
            port = known
        } else {
            port = try await Portmapper.port(of: endpoint, at: address, by: deadline)
        }
        guard !isClosed else { throw .closed }
        guard var fresh = RPCContext(uid: endpoint.uid, gid: endpoint.gid) else { throw .unreachable("out of memory") }
        let promise = Promise<Void>()
        let box = ReplyBox { status, data in
            let reason = data.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) } ?? "no reason given"
            promise.settle(status == RPC_STATUS_SUCCESS ? .success(()) : .failure(.unreachable(reason)))
        }
        guard fresh.connect(to: address.text, port: port, box: box) else {
            throw .unreachable("\(address.text) port \(port): \(fresh.lastError)")
        }
        context = consume fresh
        connected = promise
        defer { connected = nil }
        do {
            try await value(of: promise, by: deadline, else: .unreachable("no answer in time"))
        } catch .unreachable(let reason) {
            throw .unreachable("\(address.text) port \(port): \(reason)")
        }
        guard context != nil else { throw lastLoss }
        isConnected = true
    }
}
