import NIOCore

/// A way to a server that is far away: what is sent takes its time, and any number of messages are on their way at once.
package final class DelayingProxy: Sendable {
    private let proxy: JoiningProxy

    /// Where to connect to.
    package var port: Int { proxy.port }

    /// Starts forwarding from a free port of the loopback.
    ///
    /// - Parameters:
    ///   - host: The server's address.
    ///   - port: The server's port.
    ///   - roundTrip: How much longer an answer takes.
    /// - Throws: When no port can be listened on.
    package init(to host: String, port: Int, roundTrip: Duration) async throws {
        let delay = TimeAmount(roundTrip / 2)
        proxy = try await JoiningProxy(to: host, port: port) { client, server in
            try client.pipeline.syncOperations.addHandler(DelayingForwarder(to: server, after: delay))
            try server.pipeline.syncOperations.addHandler(DelayingForwarder(to: client, after: delay))
        }
    }
}

/// Forwards one direction of a connection, in order. What is due is sent at one go, so that the way costs little itself.
private final class DelayingForwarder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let delay: TimeAmount
    private var underWay = CircularBuffer<(due: NIODeadline, bytes: ByteBuffer)>()

    init(to other: any Channel, after delay: TimeAmount) {
        self.other = other
        self.delay = delay
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        underWay.append((.now() + delay, unwrapInboundIn(data)))
        if underWay.count == 1 { wake(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }

    private func wake(_ context: ChannelHandlerContext) {
        guard let first = underWay.first else { return }
        context.eventLoop.assumeIsolated().scheduleTask(deadline: first.due) { self.deliver(context) }
    }

    private func deliver(_ context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        while let first = underWay.first, first.due <= now {
            other.write(underWay.removeFirst().bytes, promise: nil)
        }
        other.flush()
        wake(context)
    }
}
