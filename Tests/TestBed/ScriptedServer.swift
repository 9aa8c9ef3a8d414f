import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A fake API server for the faults a real one does not produce on demand: it plays a script, one step a request.
package final class ScriptedServer: Sendable {
    package enum Step: Sendable {
        /// A whole answer.
        case answer(HTTPResponseStatus, headers: [(String, String)] = [], body: String = "{}")
        /// A 200 whose body comes in these chunks; then it ends.
        case stream([String])
        /// A 200 whose body has no length and ends with the connection, without TLS' farewell, as of an HTTP/1.0 server.
        case unframed(String)
        /// A 200 whose body is cut off after these chunks.
        case cutStream([String])
        /// A 200 whose body stops after these chunks, with the connection open.
        case stall([String])
        /// The request is read and the connection closed.
        case hangUp
        /// Nothing, forever.
        case silence
    }

    package struct Received: Sendable {
        package var method: HTTPMethod
        package var uri: String
        package var headers: HTTPHeaders
        package var body: [UInt8] = []
    }

    private struct State {
        var script: [Step]
        package var received: [Received] = []
        var open = 0
    }

    private let state: Mutex<State>
    private let channel: any Channel
    private let scheme: String

    /// Serves the script's steps in order, on a free port of `host`; with `tls` over TLS.
    package static func start(
        _ script: [Step],
        host: String = "127.0.0.1",
        tls: TLSConfiguration? = nil
    ) async throws -> ScriptedServer {
        try await ScriptedServer(script, host: host, tls: tls)
    }

    private init(_ script: [Step], host: String, tls: TLSConfiguration?) async throws {
        state = Mutex(State(script: script))
        scheme = tls == nil ? "http" : "https"
        let relay = Relay()
        let context = try tls.map { try NIOSSLContext(configuration: $0) }
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    // With its assistance nothing is read while an answer is due, so that a peer's goodbye goes unseen.
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withPipeliningAssistance: false,
                        withErrorHandling: false
                    )
                    try channel.pipeline.syncOperations.addHandler(Player(relay: relay))
                }
            }
            .bind(host: host, port: 0)
            .get()
        relay.server.withLock { $0 = Weak(self) }
    }

    deinit {
        channel.close(promise: nil)
    }

    package var address: String {
        "\(scheme)://\(channel.localAddress?.ipAddress ?? ""):\(channel.localAddress?.port ?? 0)"
    }

    /// The requests so far.
    package var received: [Received] { state.withLock { $0.received } }

    /// Connections that are open now.
    package var openConnections: Int { state.withLock { $0.open } }

    fileprivate func next(for request: Received) -> Step {
        state.withLock { state in
            state.received.append(request)
            return state.script.isEmpty ? .answer(.imATeapot) : state.script.removeFirst()
        }
    }

    fileprivate func connections(changedBy change: Int) {
        state.withLock { $0.open += change }
    }
}

/// Leads the connections to the server without keeping it alive.
private final class Relay: Sendable {
    let server = Mutex(Weak<ScriptedServer>(nil))
}

private struct Weak<Object: AnyObject & Sendable>: Sendable {
    weak var object: Object?

    init(_ object: Object?) {
        self.object = object
    }
}

/// Plays the script on one connection.
private final class Player: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let relay: Relay
    private var request: ScriptedServer.Received?

    init(relay: Relay) {
        self.relay = relay
    }

    private var server: ScriptedServer? { relay.server.withLock { $0.object } }

    func channelActive(context: ChannelHandlerContext) {
        server?.connections(changedBy: 1)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        server?.connections(changedBy: -1)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = ScriptedServer.Received(method: head.method, uri: head.uri, headers: head.headers)
        case .body(let bytes): request?.body += bytes.readableBytesView
        case .end:
            guard let request, let server else { return context.close(promise: nil) }
            play(server.next(for: request), context)
        }
    }

    private func play(_ step: ScriptedServer.Step, _ context: ChannelHandlerContext) {
        switch step {
        case .answer(let status, let headers, let body):
            var head = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(headers))
            head.headers.add(name: "Content-Length", value: "\(body.utf8.count)")
            write(head, [body], context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .stream(let chunks):
            write(HTTPResponseHead(version: .http1_1, status: .ok), chunks, context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .unframed(let body):
            write(HTTPResponseHead(version: .http1_0, status: .ok), [body], context)
            closeWithoutFarewell(context)
        case .cutStream(let chunks):
            write(HTTPResponseHead(version: .http1_1, status: .ok), chunks, context)
            context.close(promise: nil)
        case .stall(let chunks):
            write(HTTPResponseHead(version: .http1_1, status: .ok), chunks, context)
        case .hangUp:
            context.close(promise: nil)
        case .silence:
            break
        }
    }

    /// Closes the connection below TLS.
    private func closeWithoutFarewell(_ context: ChannelHandlerContext) {
        let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
        (tls ?? context).close(promise: nil)
    }

    /// Each chunk in a write of its own.
    private func write(_ head: HTTPResponseHead, _ chunks: [String], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        for chunk in chunks {
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: chunk)))), promise: nil)
        }
    }
}
