import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceLifecycle

/// A client of one API server.
///
/// It speaks HTTP/1.1 only: an abandoned request closes its connection, whereas HTTP/2 would leave a dead connection to
/// the next request. Watches have connections of their own, so they do not starve other requests.
///
/// Run it as a service, or call ``shutdown()`` when done with it.
package final class KubernetesClient: Service, Sendable {
    /// The limits in force.
    package let limits: ClientLimits

    /// The server's address as configured, for display.
    let server: String
    /// The base of request URLs: its host is the name that the certificate must be for.
    let base: String
    let userAgent: String
    let authenticator: Authenticator
    /// Answers instead of the API server, if set; there are no connections then.
    let transport: (any RequestTransport)?
    let requests: HTTPClient?
    let watches: HTTPClient?
    let gate: InFlightGate
    let warnings = ServerWarnings()
    let onAnswer: @Sendable (_ verb: String, _ code: String) -> Void
    let logger: Logger

    /// Creates a client that is not connected yet.
    ///
    /// - Parameters:
    ///   - configuration: The API server and the credentials.
    ///   - transport: Answers instead of the API server; `nil` connects to it.
    ///   - limits: Limits on time and size.
    ///   - userAgent: The `User-Agent` of requests, as `name/version`.
    ///   - onAnswer: Called after each attempt of a request other than a watch, with its verb and the status of the
    ///     response, or `error` or `timeout` if there was none.
    ///   - logger: Logs retries, at debug.
    package init(
        configuration: ClusterConfiguration,
        transport: (any RequestTransport)? = nil,
        limits: ClientLimits = ClientLimits(),
        userAgent: String = "sb-nfs-provisioner",
        onAnswer: @escaping @Sendable (_ verb: String, _ code: String) -> Void = { _, _ in },
        logger: Logger
    ) {
        self.limits = limits
        self.userAgent = userAgent
        self.onAnswer = onAnswer
        var logger = logger
        logger[metadataKey: "subsystem"] = "kubernetes"
        self.logger = logger
        server = configuration.server
        base = configuration.requestBase
        authenticator = Authenticator(configuration: configuration)
        self.transport = transport
        requests = transport == nil ? HTTPClient(configuration: .requests(configuration, limits)) : nil
        watches = transport == nil ? HTTPClient(configuration: .watches(configuration, limits)) : nil
        gate = InFlightGate(width: limits.requestsInFlight)
    }

    deinit {
        // These fail if the client was shut down before, which is harmless.
        _ = requests?.shutdown()
        _ = watches?.shutdown()
    }

    /// The API of one type of object.
    package func api<Object: KubernetesObject>(_ type: Object.Type = Object.self) -> API<Object> {
        API(client: self)
    }

    /// The server's version; the cheapest check that the server is reachable and accepts the credentials.
    package func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await object(Request(path: "/version"))
    }

    /// Runs until graceful shutdown or cancellation, then closes every connection.
    package func run() async throws {
        try? await gracefulShutdown()
        try await shutdown()
    }

    /// Closes every connection; requests in flight fail with ``KubernetesError/Code/cancelled``. May be called twice.
    package func shutdown() async throws {
        for client in [requests, watches].compactMap(\.self) {
            do {
                try await client.shutdown()
            } catch let error as HTTPClientError where error == .alreadyShutdown {}
        }
    }
}

extension KubernetesClient {
    /// Reads the end of a container's log.
    ///
    /// - Parameters:
    ///   - pod: The pod.
    ///   - container: Its container.
    ///   - tailLines: The most lines.
    ///   - limitBytes: The most bytes; the server truncates the end of what it would send.
    /// - Returns: The bytes as they were written.
    /// - Throws: ``KubernetesError/Code/notFound``, or the server's error if it cannot reach the pod's node.
    package func log(
        of pod: ObjectKey,
        container: String,
        tailLines: Int,
        limitBytes: Int
    ) async throws(KubernetesError) -> [UInt8] {
        var request = try Request(.get, Pod.resource, pod)
        request.append(subresource: "log")
        request.query("container", container)
        request.query("tailLines", String(tailLines))
        request.query("limitBytes", String(limitBytes))
        return Array(try await perform(request).readableBytesView)
    }
}

extension KubernetesClient {
    /// Opens a watch and hands on its events until the server ends it.
    func watch<Object: KubernetesObject>(
        _ request: Request,
        _ body: (WatchEvent<Object>) async throws(KubernetesError) -> Void
    ) async throws(KubernetesError) {
        let response = try await open(request)
        let decoder = JSONDecoder()
        var framer = WatchFramer(limit: limits.eventBytes)
        var chunks = response.body.makeAsyncIterator()
        while true {
            let chunk: ByteBuffer?
            do {
                chunk = try await chunks.next()
            } catch {
                throw transport(error, request)
            }
            guard let chunk else { break }
            framer.append(chunk)
            while let frame = try framer.next() {
                try await body(WatchEvent(frame, decoder: decoder))
            }
        }
        if Task.isCancelled { throw .cancelled(request) }
    }

    /// Sends the request and returns a response with status 200; a rejected identity is renewed once.
    private func open(_ request: Request) async throws(KubernetesError) -> HTTPClientResponse {
        guard let watches else {
            throw KubernetesError(code: .connection, request: request.description, reason: "no connection to watch on")
        }
        var hasRenewed = false
        while true {
            let identity = try await identity(for: request)
            let response: HTTPClientResponse
            do {
                let deadline = NIODeadline.now() + TimeAmount(limits.requestTimeout)
                response = try await watches.execute(httpRequest(request, as: identity), deadline: deadline)
            } catch {
                throw transport(error, request)
            }
            if response.status == .ok { return response }
            let refusal = await refusal(response, request)
            guard refusal.code == .unauthorized, !hasRenewed, await authenticator.reject(identity) else {
                throw refusal
            }
            hasRenewed = true
        }
    }

    private func refusal(_ response: HTTPClientResponse, _ request: Request) async -> KubernetesError {
        let body = await withDeadline(limits.requestTimeout) { try? await response.body.collect(upTo: 1 << 20) }
        let refusal = Refusal(status: response.status, headers: response.headers, body: (body ?? nil) ?? ByteBuffer())
        return KubernetesError(refusal, request: request)
    }

    private func transport(_ error: any Error, _ request: Request) -> KubernetesError {
        KubernetesError(transport: error, request: request.description, server: server)
    }
}
