import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A way to a real API server, over TLS, that can be given a fault which the real one does not have on demand. It
/// stands for the faults alone: every answer without one is the real server's.
package final class FaultyAPIServer: Sendable {
    package enum Fault: Sendable, Hashable {
        /// Every so many requests that are no watches get this status in the place of an answer.
        case answering(HTTPResponseStatus, everyNth: Int)
        /// An answer takes so much longer.
        case slow(Duration)
        /// Requests are read and never answered.
        case silent
        /// Connections are closed at their first request.
        case hangingUp
        /// Watches end in the middle of the next object.
        case cuttingWatches
        /// Lists are those that were last answered before the fault; watches go on from there.
        case answeringOldLists
    }

    private struct State {
        var fault: Fault?
        var tls: NIOSSLContext
        var requests = 0
        var faults = 0
        var connections: [ObjectIdentifier: any Channel] = [:]
        /// By path: what a list was answered with.
        var lists: [String: OldAnswer] = [:]
        var oldLists: [String: OldAnswer] = [:]
    }

    struct OldAnswer: Sendable {
        var headers: HTTPHeaders
        var body: ByteBuffer
    }

    private enum Verdict {
        case pass(cutting: Bool)
        case answer(HTTPResponseStatus)
        case wait(Duration)
        case old(OldAnswer)
        case never
        case hangUp
    }

    private let state: Mutex<State>
    private let target: String
    private let client: HTTPClient
    private let listener = Mutex<(any Channel)?>(nil)

    /// Starts on a free port of the loopback.
    ///
    /// - Parameters:
    ///   - target: The API server, as `https://host:port`.
    ///   - authority: The file of the authority that signed its certificate.
    ///   - certificate: The file of the certificate to show.
    ///   - key: The file of that one's key.
    /// - Returns: It, without a fault.
    /// - Throws: If a file cannot be read, or no port be listened on.
    package static func start(
        before target: String,
        authority: String,
        certificate: String,
        key: String
    ) async throws -> FaultyAPIServer {
        let server = try FaultyAPIServer(target, authority: authority, certificate: certificate, key: key)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: server.state.withLock { $0.tls }))
                    // With its assistance nothing is read while an answer is due, so that a peer's goodbye goes unseen.
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false, withErrorHandling: false)
                    try pipeline.addHandler(Courier(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        server.listener.withLock { $0 = channel }
        return server
    }

    private init(_ target: String, authority: String, certificate: String, key: String) throws {
        self.target = target
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(authority)
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        state = Mutex(State(tls: try Self.context(certificate, key)))
    }

    /// Ends all connections, and serves no more.
    package func stop() async throws {
        try await listener.withLock { $0 }?.close()
        closeConnections()
        try await client.shutdown()
    }

    package var address: String { "https://127.0.0.1:\(listener.withLock { $0?.localAddress?.port ?? 0 })" }

    /// How many requests or watches a fault has met.
    package var faults: Int { state.withLock { $0.faults } }

    /// Begins a fault, or ends it with nil.
    package func set(_ fault: Fault?) {
        state.withLock { state in
            state.fault = fault
            if fault == .answeringOldLists { state.oldLists = state.lists }
        }
        if fault == .hangingUp { closeConnections() }
    }

    /// Shows another certificate from now on. Clients have to connect again.
    package func show(certificate: String, key: String) throws {
        let context = try Self.context(certificate, key)
        state.withLock { $0.tls = context }
        closeConnections()
    }

    private static func context(_ certificate: String, _ key: String) throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: key, format: .pem))
            )
        )
    }

    private func closeConnections() {
        for channel in state.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
    }

    func opened(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
    }

    func closed(_ channel: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
    }

    // MARK: Requests

    func serve(_ request: FaultyAPIRequest, on channel: any Channel) async {
        do {
            switch verdict(on: request) {
            case .pass(let isCutting):
                try await forward(request, to: channel, cutting: isCutting)
            case .wait(let time):
                try await Task.sleep(for: time)
                try await forward(request, to: channel, cutting: false)
            case .answer(let status):
                try await refuse(with: status, on: channel)
            case .old(let answer):
                try await write(.ok, answer.headers, answer.body, to: channel)
            case .never:
                break
            case .hangUp:
                try await channel.close()
            }
        } catch {
            channel.close(promise: nil)
        }
    }

    private func verdict(on request: FaultyAPIRequest) -> Verdict {
        state.withLock { state in
            state.requests += 1
            guard let fault = state.fault else { return .pass(cutting: false) }
            let verdict: Verdict
            switch fault {
            case .answering(let status, let n):
                guard !request.isWatch, state.requests.isMultiple(of: n) else { return .pass(cutting: false) }
                verdict = .answer(status)
            case .slow(let time): verdict = .wait(time)
            case .silent: verdict = .never
            case .hangingUp: verdict = .hangUp
            case .cuttingWatches:
                guard request.isWatch else { return .pass(cutting: false) }
                return .pass(cutting: true)
            case .answeringOldLists:
                guard request.isList, let old = state.oldLists[request.path] else { return .pass(cutting: false) }
                verdict = .old(old)
            }
            state.faults += 1
            return verdict
        }
    }

    private func forward(_ request: FaultyAPIRequest, to channel: any Channel, cutting: Bool) async throws {
        var upstream = HTTPClientRequest(url: target + request.head.uri)
        upstream.method = request.head.method
        for (name, value) in request.head.headers
        where !["host", "content-length", "transfer-encoding", "connection"].contains(name.lowercased()) {
            upstream.headers.add(name: name, value: value)
        }
        if request.body.readableBytes > 0 { upstream.body = .bytes(request.body) }
        let response = try await client.execute(upstream, timeout: .hours(1))
        guard request.isWatch else {
            let body = try await response.body.collect(upTo: 256 << 20)
            if request.isList, response.status == .ok {
                state.withLock { $0.lists[request.path] = OldAnswer(headers: response.headers, body: body) }
            }
            return try await write(response.status, response.headers, body, to: channel)
        }
        let head = HTTPResponseHead(version: .http1_1, status: response.status, headers: response.headers)
        try await channel.writeAndFlush(HTTPServerResponsePart.head(head)).get()
        for try await var chunk in response.body {
            if cutting || state.withLock({ $0.fault == .cuttingWatches }) {
                state.withLock { $0.faults += 1 }
                let half = chunk.readSlice(length: chunk.readableBytes / 2) ?? ByteBuffer()
                try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(half))).get()
                return try await channel.close()
            }
            try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(chunk))).get()
        }
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
    }
}
