import NIOCore

/// Sends on what comes in, and closes the other end with this one.
package final class Forwarder: ChannelInboundHandler, Sendable {
    package typealias InboundIn = ByteBuffer

    private let other: any Channel

    /// - Parameter other: Where to send.
    package init(to other: any Channel) {
        self.other = other
    }

    /// Makes two connections one; both are of the event loop this runs on.
    package static func join(_ one: any Channel, _ other: any Channel) throws {
        try one.pipeline.syncOperations.addHandler(Forwarder(to: other))
        try other.pipeline.syncOperations.addHandler(Forwarder(to: one))
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
