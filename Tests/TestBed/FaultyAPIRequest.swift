import NIOCore
import NIOHTTP1

/// A whole request on its way through a ``FaultyAPIServer``.
struct FaultyAPIRequest: Sendable {
    var head: HTTPRequestHead
    var body: ByteBuffer

    var path: String { String(head.uri.prefix { $0 != "?" }) }
    var isWatch: Bool { head.uri.contains("watch=") }
    /// Of the resources that controllers keep whole, in all namespaces.
    var isList: Bool {
        head.method == .GET && !isWatch
            && ["/persistentvolumes", "/persistentvolumeclaims", "/storageclasses"].contains { path.hasSuffix($0) }
    }
}

/// Takes whole requests off one connection.
final class Courier: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let server: FaultyAPIServer
    private var request: FaultyAPIRequest?
    private var work: Task<Void, Never>?

    init(_ server: FaultyAPIServer) {
        self.server = server
    }

    func channelActive(context: ChannelHandlerContext) {
        server.opened(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        server.closed(context.channel)
        work?.cancel()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = FaultyAPIRequest(head: head, body: ByteBuffer())
        case .body(var bytes):
            request?.body.writeBuffer(&bytes)
        case .end:
            guard let request else { return }
            let channel = context.channel
            work = Task { [server] in await server.serve(request, on: channel) }
        }
    }
}
