import NIOCore

/// Sends on what comes in, and closes the other end with this one.
package final class Forwarder: ChannelInboundHandler, Sendable {
    package typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let delay: TimeAmount?

    /// - Parameters:
    ///   - other: Where to send.
    ///   - delay: How long to keep what comes in.
    package init(to other: any Channel, after delay: TimeAmount? = nil) {
        self.other = other
        self.delay = delay
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let delay else { return other.writeAndFlush(bytes, promise: nil) }
        context.eventLoop.scheduleTask(in: delay) { [other] in other.writeAndFlush(bytes, promise: nil) }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
