import NIOCore
import Synchronization

/// A way to an NFS server that counts the calls which change something (RFC 1813 §3.3) and, at the one it is set to,
/// does something first, such as killing the client.
package final class ChangeBreaker: Sendable {
    /// Whether the server gets the call at which the way breaks.
    package enum Moment: Sendable, CaseIterable {
        case before, after
    }

    /// What the way is set to.
    fileprivate struct Setting {
        var changesLeft: Int?
        var isToPause = false
        /// Whether calls that only read count too.
        var countsReads = false
        /// What came since the way has stopped, and where it is to go; nil while it has not.
        var kept: [(call: ByteBuffer, server: any Channel)]?
        var moment = Moment.before
        var onBreak: @Sendable () -> Void = {}
        var isBroken = false
    }

    fileprivate final class Way: Sendable {
        let setting = Mutex(Setting())
        let connections = Mutex<[any Channel]>([])
        let calls = Atomic(0)
    }

    private let way = Way()
    private let proxy: JoiningProxy

    /// Where to connect to.
    package var port: Int { proxy.port }

    package var isBroken: Bool { way.setting.withLock { $0.isBroken } }

    /// Calls of NFS and connections so far.
    package var calls: Int { way.calls.load(ordering: .relaxed) }
    package var connections: Int { way.connections.withLock { $0.count } }

    /// Starts forwarding from a free port of the loopback.
    package init(to host: String, port: Int) async throws {
        proxy = try await JoiningProxy(to: host, port: port) { [way] client, server in
            way.connections.withLock { $0.append(client) }
            try CallForwarder.join(client, server) { call, server in way.pass(call, to: server) }
        }
    }

    /// Breaks at the change that comes after `changes` others.
    package func arm(afterChanges changes: Int, _ moment: Moment, onBreak: @escaping @Sendable () -> Void) {
        way.setting.withLock { $0 = Setting(changesLeft: changes, moment: moment, onBreak: onBreak) }
    }

    package func disarm() {
        way.setting.withLock { $0 = Setting(isBroken: $0.isBroken) }
    }

    /// Stops before the change that comes after `changes` others, and keeps what comes then until ``goOn()``.
    package func pause(afterChanges changes: Int) {
        way.setting.withLock { $0 = Setting(changesLeft: changes, isToPause: true) }
    }

    /// The same before the call that comes after so many others, whether or not it changes something.
    package func pause(afterCalls calls: Int) {
        way.setting.withLock { $0 = Setting(changesLeft: calls, isToPause: true, countsReads: true) }
    }

    /// Whether it has stopped, and keeps something.
    package var isPaused: Bool { keptCalls > 0 }

    /// How many calls wait for ``goOn()``.
    package var keptCalls: Int { way.setting.withLock { $0.kept?.count ?? 0 } }

    /// Ends the connections that are there, with the calls that are kept; others may be made.
    package func cut() {
        way.setting.withLock { $0 = Setting() }
        for connection in way.connections.withLock({ $0 }) { connection.close(promise: nil) }
    }

    /// - Parameter changes: Stops again before the change that comes after so many others; `nil` for never.
    package func goOn(pausingAfter changes: Int? = nil) {
        let kept = way.setting.withLock { setting in
            defer { setting = changes.map { Setting(changesLeft: $0, isToPause: true) } ?? Setting() }
            return setting.kept ?? []
        }
        for (call, server) in kept { server.writeAndFlush(call, promise: nil) }
    }
}

extension ChangeBreaker.Way {
    fileprivate func pass(_ call: ByteBuffer, to server: any Channel) {
        if call.nfsProcedure != nil { calls.add(1, ordering: .relaxed) }
        let (isLet, onBreak) = setting.withLock { setting in setting.take(call, to: server) }
        onBreak?()
        if isLet { server.writeAndFlush(call, promise: nil) }
    }
}

extension ChangeBreaker.Setting {
    /// - Returns: Whether the server gets the call, and what to do first.
    fileprivate mutating func take(_ call: ByteBuffer, to server: any Channel) -> (Bool, (@Sendable () -> Void)?) {
        if kept != nil {
            kept?.append((call, server))
            return (false, nil)
        }
        if isBroken { return (false, nil) }
        let counts = countsReads ? call.nfsProcedure != nil : call.changesSomething
        guard counts, let left = changesLeft else { return (true, nil) }
        changesLeft = left - 1
        guard left == 0 else { return (true, nil) }
        if isToPause {
            kept = [(call, server)]
            return (false, nil)
        }
        isBroken = true
        return (moment == .after, onBreak)
    }
}

extension ByteBuffer {
    /// SETATTR, WRITE, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR, RENAME, LINK.
    fileprivate var changesSomething: Bool {
        nfsProcedure.map { [2, 7, 8, 9, 10, 11, 12, 13, 14, 15].contains($0) } ?? false
    }
}
