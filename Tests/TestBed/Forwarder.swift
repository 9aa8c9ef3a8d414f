import NIOCore

/// Sends on what comes in, and closes the other end with this one.
package final class Forwarder: ChannelInboundHandler, Sendable {
    package typealias InboundIn = ByteBuffer

    private let other: any Channel

    package init(to other: any Channel) {
        self.other = other
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
