import NIOCore
import Synchronization
import TestBed

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

    fileprivate struct State {
        var fault: Fault?
        var messages = 0
        var connections: [ObjectIdentifier: any Channel] = [:]
    }

    fileprivate final class Way: Sendable {
        let state = Mutex(State())
    }

    private let way = Way()
    private let proxy: JoiningProxy

    var port: Int { proxy.port }

    /// Starts forwarding from a free port of the loopback.
    init(to host: String, port: Int) async throws {
        proxy = try await JoiningProxy(to: host, port: port) { [way] client in
            way.opened(client)
            return true
        } join: { [way] client, server in
            try client.pipeline.syncOperations.addHandler(FaultyForwarder(way, to: server))
            try server.pipeline.syncOperations.addHandler(FaultyForwarder(way, to: client))
        }
    }

    func set(_ fault: Fault?) {
        let channels = way.state.withLock { state in
            state.fault = fault
            return fault == .refusing ? Array(state.connections.values) : []
        }
        for channel in channels { channel.close(promise: nil) }
    }

    /// Ends the connections that are there; others may be made.
    func cutConnections() {
        for channel in way.state.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
    }
}

extension FaultyWay.Way {
    fileprivate func opened(_ channel: any Channel) {
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

    private let way: FaultyWay.Way
    private let other: any Channel
    private var lastDue = NIODeadline.now()

    init(_ way: FaultyWay.Way, to other: any Channel) {
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
