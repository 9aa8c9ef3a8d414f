import NIOCore

/// Shows each call that comes in to somebody who sends it on, or does not; closes the other end with this one.
package final class CallForwarder: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer

    private let server: any Channel
    private let pass: (_ call: ByteBuffer, _ server: any Channel) -> Void

    private init(to server: any Channel, _ pass: @escaping (_ call: ByteBuffer, _ server: any Channel) -> Void) {
        self.server = server
        self.pass = pass
    }

    /// Makes two connections one, on which the calls of the client come by; both are of the event loop this runs on.
    package static func join(
        _ client: any Channel,
        _ server: any Channel,
        _ pass: @escaping (_ call: ByteBuffer, _ server: any Channel) -> Void
    ) throws {
        let handlers = client.pipeline.syncOperations
        try handlers.addHandler(ByteToMessageHandler(RPCRecordDecoder(), maximumBufferSize: 4 << 20))
        try handlers.addHandler(CallForwarder(to: server, pass))
        try server.pipeline.syncOperations.addHandler(Forwarder(to: client))
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pass(unwrapInboundIn(data), server)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        server.close(promise: nil)
    }
}
