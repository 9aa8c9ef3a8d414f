import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A fake API server for what a real one will not do on demand: it answers each request in turn as its script says,
/// and stays silent when the script is over.
final class ScriptedAPIServer: Sendable {
    struct Answer: Sendable {
        var status = HTTPResponseStatus.ok
        /// The body; a watch has an event a line.
        var body: String
        /// Whether the body goes on, with nothing more to come.
        var staysOpen = false
    }

    private let state: Mutex<(script: [Answer], received: [String])>
    private let listener = Mutex<(any Channel)?>(nil)

    private init(_ script: [Answer]) {
        state = Mutex((script, []))
    }

    /// Starts answering on a free port of the loopback.
    static func start(_ script: [Answer]) async throws -> ScriptedAPIServer {
        let server = ScriptedAPIServer(script)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [weak server] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ScriptReader { server?.answer(to: $0) })
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        server.listener.withLock { $0 = listener }
        return server
    }

    deinit {
        listener.withLock { $0?.close(promise: nil) }
    }

    var address: String { "http://127.0.0.1:\(listener.withLock { $0?.localAddress?.port ?? 0 })" }

    /// Path and query of each request so far.
    var received: [String] { state.withLock { $0.received } }

    private func answer(to uri: String) -> Answer? {
        state.withLock { state in
            state.received.append(uri)
            return state.script.isEmpty ? nil : state.script.removeFirst()
        }
    }
}

/// Answers the requests of one connection.
private final class ScriptReader: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: (String) -> ScriptedAPIServer.Answer?
    private var uri = ""

    init(answer: @escaping (String) -> ScriptedAPIServer.Answer?) {
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            uri = head.uri
        case .body:
            break
        case .end:
            guard let answer = answer(uri) else { return }
            let head = HTTPResponseHead(version: .http1_1, status: answer.status)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
            if !answer.staysOpen { context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        }
    }
}
