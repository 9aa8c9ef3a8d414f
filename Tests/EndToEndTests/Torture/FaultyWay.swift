import NIOCore
import NIOPosix
import Synchronization

/// A way to a server over TCP that is slow, cuts connections in the middle of a message, or lets none through.
final class FaultyWay: Sendable {
    enum Fault: Sendable, Hashable {
        /// What is sent takes so much longer, in each direction.
        case slow(TimeAmount)
        /// Every so many messages one is sent by half, and its connection closed.
        case cutting(everyNth: Int)
        /// Nobody gets a connection, and whoever had one has lost it.
        case refusing
    }

    private struct State {
        var fault: Fault?
        var messages = 0
        var connections: [ObjectIdentifier: any Channel] = [:]
    }

    private let state = Mutex(State())
    private let listener = Mutex<(any Channel)?>(nil)

    var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

    /// Starts forwarding from a free port of the loopback.
    static func start(to host: String, port: Int) async throws -> FaultyWay {
        let way = FaultyWay()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                way.opened(client)
                return ClientBootstrap(group: client.eventLoop)
                    .channelInitializer { server in way.forward(from: server, to: client) }
                    .connect(host: host, port: port)
                    .flatMap { server in way.forward(from: client, to: server) }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        way.listener.withLock { $0 = channel }
        return way
    }

    deinit {
        listener.withLock { $0?.close(promise: nil) }
    }

    func set(_ fault: Fault?) {
        let channels = state.withLock { state in
            state.fault = fault
            return fault == .refusing ? Array(state.connections.values) : []
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Ends the connections that are there; others may be made.
    func cutConnections() {
        for channel in state.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
    }

    private func forward(from one: any Channel, to other: any Channel) -> EventLoopFuture<Void> {
        one.eventLoop.makeCompletedFuture {
            try one.pipeline.syncOperations.addHandler(FaultyForwarder(self, to: other))
        }
    }

    private func opened(_ channel: any Channel) {
        let isRefused = state.withLock { state in
            state.connections[ObjectIdentifier(channel)] = channel
            return state.fault == .refusing
        }
        if isRefused { channel.close(promise: nil) }
    }

    fileprivate func closed(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
    }

    /// What happens to the next message: how long it takes, and whether it is cut.
    fileprivate func next() -> (delay: TimeAmount, isCut: Bool) {
        state.withLock { state in
            state.messages += 1
            return switch state.fault {
            case .slow(let time): (time, false)
            case .cutting(let n): (.zero, state.messages.isMultiple(of: n))
            case .refusing: (.zero, true)
            case nil: (.zero, false)
            }
        }
    }
}

/// Forwards one direction of a connection, in order.
private final class FaultyForwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let way: FaultyWay
    private let other: any Channel
    private var lastDue = NIODeadline.now()

    init(_ way: FaultyWay, to other: any Channel) {
        self.way = way
        self.other = other
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        let (delay, isCut) = way.next()
        if isCut {
            let half = bytes.readSlice(length: bytes.readableBytes / 2) ?? ByteBuffer()
            let here = context.channel
            return other.writeAndFlush(half).whenComplete { [other] _ in
                other.close(promise: nil)
                here.close(promise: nil)
            }
        }
        let due = max(.now() + delay, lastDue + .nanoseconds(1))
        guard due > .now() + .microseconds(1) else { return other.writeAndFlush(bytes, promise: nil) }
        lastDue = due
        context.eventLoop.scheduleTask(deadline: due) { [other, bytes] in other.writeAndFlush(bytes, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        way.closed(context.channel)
        other.close(promise: nil)
        context.fireChannelInactive()
    }
}
