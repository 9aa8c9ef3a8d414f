import NIOCore
import NIOPosix
import Synchronization

/// A way to an NFS server that counts the calls which change something (RFC 1813 §3.3) and, at the one it is set to,
/// does something first, such as killing the client.
package final class ChangeBreaker: Sendable {
    /// Whether the server gets the call at which the way breaks.
    package enum Moment: Sendable, CaseIterable {
        case before, after
    }

    private struct State {
        var changesLeft: Int?
        var isToPause = false
        /// What came since the way has stopped, and where it is to go; nil while it has not.
        var kept: [(record: ByteBuffer, server: any Channel)]?
        var moment = Moment.before
        var onBreak: @Sendable () -> Void = {}
        var isBroken = false
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)

    /// Where to connect to.
    package var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

    package var isBroken: Bool { state.withLock { $0.isBroken } }

    /// Starts forwarding from a free port of the loopback.
    package static func start(to host: String, port: Int) async throws -> ChangeBreaker {
        let breaker = ChangeBreaker()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in server.pipeline.addHandler(Forwarder(to: client)) }
                    .connect(host: host, port: port)
                    .flatMap { server in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(
                                ByteToMessageHandler(RecordDecoder(), maximumBufferSize: 4 << 20)
                            )
                            try client.pipeline.syncOperations.addHandler(CallForwarder(breaker, to: server))
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        breaker.listener.withLock { $0 = listener }
        return breaker
    }

    deinit {
        listener.withLock { $0?.close(promise: nil) }
    }

    /// Breaks at the change that comes after `changes` others.
    package func arm(afterChanges changes: Int, _ moment: Moment, onBreak: @escaping @Sendable () -> Void) {
        state.withLock { $0 = State(changesLeft: changes, moment: moment, onBreak: onBreak) }
    }

    package func disarm() {
        state.withLock { $0 = State(isBroken: $0.isBroken) }
    }

    /// Stops before the change that comes after `changes` others, and keeps what comes then until ``goOn()``.
    package func pause(afterChanges changes: Int) {
        state.withLock { $0 = State(changesLeft: changes, isToPause: true) }
    }

    /// Whether it has stopped, and keeps something.
    package var isPaused: Bool { state.withLock { $0.kept != nil } }

    package func goOn() {
        let kept = state.withLock { state in
            defer { state = State() }
            return state.kept ?? []
        }
        for (record, server) in kept { server.writeAndFlush(record, promise: nil) }
    }

    fileprivate func pass(_ record: ByteBuffer, to server: any Channel) {
        let (isLet, onBreak) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            if state.kept != nil {
                state.kept?.append((record, server))
                return (false, nil)
            }
            if state.isBroken { return (false, nil) }
            guard record.changesSomething, let left = state.changesLeft else { return (true, nil) }
            state.changesLeft = left - 1
            guard left == 0 else { return (true, nil) }
            if state.isToPause {
                state.kept = [(record, server)]
                return (false, nil)
            }
            state.isBroken = true
            return (state.moment == .after, state.onBreak)
        }
        onBreak?()
        if isLet { server.writeAndFlush(record, promise: nil) }
    }
}

extension ByteBuffer {
    /// SETATTR, WRITE, CREATE, MKDIR, SYMLINK, MKNOD, REMOVE, RMDIR, RENAME, LINK of program 100003, in a record with
    /// its mark: mark, xid, call, RPC version, program, version, procedure (RFC 5531 §9).
    fileprivate var changesSomething: Bool {
        guard let program = getInteger(at: readerIndex + 16, as: UInt32.self), program == 100_003,
            let procedure = getInteger(at: readerIndex + 24, as: UInt32.self)
        else { return false }
        return [2, 7, 8, 9, 10, 11, 12, 13, 14, 15].contains(procedure)
    }
}

/// Whole records of RPC over TCP, their marks before them; a call of this client is one fragment.
private struct RecordDecoder: ByteToMessageDecoder {
    typealias InboundOut = ByteBuffer

    mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) -> DecodingState {
        guard let mark = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self),
            let record = buffer.readSlice(length: 4 + Int(mark & 0x7fff_ffff))
        else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(record))
        return .continue
    }
}

private final class CallForwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let breaker: ChangeBreaker
    private let server: any Channel

    init(_ breaker: ChangeBreaker, to server: any Channel) {
        self.breaker = breaker
        self.server = server
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        breaker.pass(unwrapInboundIn(data), to: server)
    }

    func channelInactive(context: ChannelHandlerContext) {
        server.close(promise: nil)
    }
}
