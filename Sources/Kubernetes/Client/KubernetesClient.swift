import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import ServiceLifecycle

/// A connection to one API server.
///
/// Speaks HTTP/1.1 only: there a request that is given up takes its connection along, where HTTP/2 would leave a dead
/// one to the next request. Watches have connections of their own, so they starve nobody.
///
/// Run it as a service, or call ``shutdown()`` when done with it.
package final class KubernetesClient: Service, Sendable {
    /// The bounds in force.
    package let limits: ClientLimits

    /// As configured, for people.
    let server: String
    /// As requested: the host is the name the certificate must be for.
    let base: String
    let userAgent: String
    let authenticator: Authenticator
    /// Answers in the place of the API server; there are no connections then.
    let transport: (any RequestTransport)?
    let requests: HTTPClient?
    let watches: HTTPClient?
    let gate: InFlightGate
    let onAnswer: @Sendable (_ verb: String, _ code: String) -> Void
    let logger: Logger

    /// Connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: Which API server, and who asks.
    ///   - transport: Answers in the place of the API server; `nil` connects to it.
    ///   - limits: Bounds on time and size.
    ///   - userAgent: How the program calls itself, as `name/version`.
    ///   - onAnswer: Told how each try of a request but watches ended: by the API's word for what was done, and the status
    ///     of the answer, or `error` or `timeout` where there was none.
    ///   - logger: Told of retries, at debug.
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
        // A client that was shut down before fails these, which is as well.
        _ = requests?.shutdown()
        _ = watches?.shutdown()
    }

    /// The objects of one type.
    package func api<Object: KubernetesObject>(_ type: Object.Type = Object.self) -> API<Object> {
        API(client: self)
    }

    /// The server's version; the cheapest way to see whether it is there and knows us.
    package func serverVersion() async throws(KubernetesError) -> ServerVersion {
        try await object(Request(path: "/version"))
    }

    /// Lives until graceful shutdown or cancellation, then closes every connection.
    package func run() async throws {
        try? await gracefulShutdown()
        try await shutdown()
    }

    /// Closes every connection; requests on their way fail with ``KubernetesError/Code/cancelled``. May be called twice.
    package func shutdown() async throws {
        for client in [requests, watches].compactMap(\.self) {
            do {
                try await client.shutdown()
            } catch let error as HTTPClientError where error == .alreadyShutdown {}
        }
    }
}

extension KubernetesClient {
    /// Reads the end of what a container wrote.
    ///
    /// - Parameters:
    ///   - pod: The pod.
    ///   - container: Its container.
    ///   - tailLines: The most lines.
    ///   - limitBytes: The most bytes; the server cuts at the end of what it would send.
    /// - Returns: The bytes as they were written.
    /// - Throws: ``KubernetesError/Code/notFound``, or what the server says when the pod's node cannot be asked.
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

    /// Sends the request until its head is answered by 200; a rejected identity is renewed once.
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
