import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

extension KubernetesClient {
    /// Sends a request and decodes the response as a `Value`.
    func object<Value: Decodable & Sendable>(_ request: Request) async throws(KubernetesError) -> Value {
        let limit = limits.answerBytes
        return try await perform(request) { body in
            try await JSONDecoder().decode(Value.self, from: body.collect(upTo: limit))
        }
    }

    /// Sends a request for a list and reads it object by object; `kept` returns what to keep of each.
    func list<Object>(
        _ request: Request,
        kept: @escaping @Sendable (Object) -> Object
    ) async throws(KubernetesError) -> ListPage<Object> {
        let limit = limits.answerBytes
        return try await perform(request) { body in
            var reader = ListReader(kept: kept)
            var bytes = 0
            for try await chunk in body {
                bytes += chunk.readableBytes
                guard bytes <= limit else { throw NIOTooManyBytesError(maxBytes: limit) }
                try reader.read(chunk)
            }
            return try reader.page()
        }
    }

    /// Sends a request and returns the body of the response.
    @discardableResult
    func perform(_ request: Request) async throws(KubernetesError) -> ByteBuffer {
        let limit = limits.answerBytes
        return try await perform(request) { try await $0.collect(upTo: limit) }
    }

    /// Sends a request, and again where ``RetryPolicy`` allows it. `read` reads the body of a 2xx response; if it
    /// cannot decode the body, the request fails.
    private func perform<Value: Sendable>(
        _ request: Request,
        read: @escaping @Sendable (HTTPClientResponse.Body) async throws -> Value
    ) async throws(KubernetesError) -> Value {
        let policy = RetryPolicy(limits: limits)
        var attempt = 1
        var hasRenewed = false
        while true {
            let failure: KubernetesError
            let identity = try await identity(for: request)
            do {
                return try await send(request, as: identity, read)
            } catch {
                failure = error
            }
            if failure.code == .unauthorized, !hasRenewed, await authenticator.reject(identity) {
                hasRenewed = true
                continue
            }
            guard
                let wait = policy.wait(
                    after: failure,
                    verb: request.verb,
                    attempt: attempt,
                    jitter: .random(in: 0...1)
                )
            else { throw failure }
            logger.debug("retrying a request to the API server", metadata: ["error": "\(failure)"])
            attempt += 1
            guard (try? await Task.sleep(for: wait)) != nil else { throw .cancelled(request) }
        }
    }

    /// Makes one attempt.
    private func send<Value: Sendable>(
        _ request: Request,
        as identity: Identity,
        _ read: @escaping @Sendable (HTTPClientResponse.Body) async throws -> Value
    ) async throws(KubernetesError) -> Value {
        let outcome: Result<Answer<Value>, any Error>?
        do {
            outcome = try await gate.pass {
                await self.exchange(request, as: identity, read)
            }
        } catch {
            throw .cancelled(request)
        }
        if let code = outcome.code() { onAnswer(request.verb.rawValue, code) }
        switch outcome {
        case .success(.value(let value, _)):
            return value
        case .success(.refusal(let refusal)):
            throw KubernetesError(refusal, request: request)
        case .success(.unreadable(let error, _)):
            throw KubernetesError(answerOf: request, error)
        case .failure(let error):
            throw KubernetesError(transport: error, request: request.description, server: server)
        case nil where Task.isCancelled:
            throw .cancelled(request)
        case nil:
            throw KubernetesError(
                code: .timeout,
                request: request.description,
                reason: "no answer from \(server) within \(limits.requestTimeout)"
            )
        }
    }

    /// - Returns: `nil` if there was no response in time.
    private func exchange<Value: Sendable>(
        _ request: Request,
        as identity: Identity,
        _ read: @escaping @Sendable (HTTPClientResponse.Body) async throws -> Value
    ) async -> Result<Answer<Value>, any Error>? {
        if let transport { return await exchange(request, on: transport, read) }
        guard let requests else { return .failure(HTTPClientError.alreadyShutdown) }
        let httpRequest = httpRequest(request, as: identity)
        return await withDeadline(limits.requestTimeout) { await self.exchange(httpRequest, on: requests, read) }
    }

    private func exchange<Value>(
        _ request: Request,
        on transport: any RequestTransport,
        _ read: @Sendable (HTTPClientResponse.Body) async throws -> Value
    ) async -> Result<Answer<Value>, any Error> {
        let body = request.body.map { Array($0.readableBytesView) }
        let reply = await transport.answer(
            request.verb.rawValue,
            request.uri,
            body: body,
            contentType: request.contentType
        )
        guard let reply else { return .failure(HTTPClientError.remoteConnectionClosed) }
        let status = HTTPResponseStatus(statusCode: reply.status)
        guard (200..<300).contains(reply.status) else {
            return .success(.refusal(Refusal(status: status, headers: [:], body: ByteBuffer(bytes: reply.body))))
        }
        do {
            return .success(.value(try await read(.bytes(ByteBuffer(bytes: reply.body))), status))
        } catch let error as DecodingError {
            return .success(.unreadable(error, status))
        } catch {
            return .failure(error)
        }
    }

    private func exchange<Value>(
        _ httpRequest: HTTPClientRequest,
        on requests: HTTPClient,
        _ read: @Sendable (HTTPClientResponse.Body) async throws -> Value
    ) async -> Result<Answer<Value>, any Error> {
        do {
            let deadline = NIODeadline.now() + TimeAmount(limits.requestTimeout)
            let response = try await requests.execute(httpRequest, deadline: deadline)
            warnings.note(response.headers, logger)
            guard (200..<300).contains(response.status.code) else {
                let body = try await response.body.collect(upTo: limits.answerBytes)
                return .success(.refusal(Refusal(status: response.status, headers: response.headers, body: body)))
            }
            do {
                return .success(.value(try await read(response.body), response.status))
            } catch let error as DecodingError {
                return .success(.unreadable(error, response.status))
            }
        } catch {
            return .failure(error)
        }
    }

    /// The identity for a request; a failure to get it is reported as the request's.
    func identity(for request: Request) async throws(KubernetesError) -> Identity {
        do {
            return try await authenticator.identity()
        } catch {
            throw KubernetesError(code: error.code, request: request.description, reason: error.reason)
        }
    }

    func httpRequest(_ request: Request, as identity: Identity) -> HTTPClientRequest {
        var httpRequest = HTTPClientRequest(url: base + request.uri)
        httpRequest.method = request.verb.method
        httpRequest.headers.add(name: "User-Agent", value: userAgent)
        httpRequest.headers.add(name: "Accept", value: "application/json")
        if let authorization = identity.authorization {
            httpRequest.headers.add(name: "Authorization", value: authorization)
        }
        if let body = request.body {
            httpRequest.headers.add(name: "Content-Type", value: request.contentType ?? "application/json")
            httpRequest.body = .bytes(body)
        }
        httpRequest.tlsConfiguration = identity.tls
        return httpRequest
    }
}

extension Optional {
    /// The outcome for display and metrics; `nil` if its own task was cancelled.
    fileprivate func code<Value>() -> String? where Wrapped == Result<Answer<Value>, any Error> {
        switch self {
        case _ where Task.isCancelled: nil
        case .success(let answer): String(answer.status.code)
        case .failure: "error"
        case nil: "timeout"
        }
    }
}

extension Request.Verb {
    fileprivate var method: HTTPMethod {
        switch self {
        case .get, .list, .watch: .GET
        case .create: .POST
        case .patch: .PATCH
        case .delete: .DELETE
        }
    }
}

/// Reads a page of a list object by object, as its text arrives.
struct ListReader<Object: KubernetesObject> {
    /// Returns what to keep of each object.
    let kept: @Sendable (Object) -> Object
    private let decoder = JSONDecoder()
    private var framer = ListFramer()
    private var items: [Object] = []
    private var undecodable: [UndecodableObject] = []

    init(kept: @escaping @Sendable (Object) -> Object) {
        self.kept = kept
    }

    /// - Throws: `DecodingError` if an item is not JSON.
    mutating func read(_ chunk: ByteBuffer) throws {
        framer.append(chunk)
        while let text = framer.next() {
            switch try decoder.decode(ListItem<Object>.self, from: text) {
            case .object(let object): items.append(kept(object))
            case .undecodable(let object): undecodable.append(object)
            }
        }
    }

    /// Returns the page once all of it has arrived.
    ///
    /// - Throws: `DecodingError` if the text around the items is not a list or is truncated.
    func page() throws -> ListPage<Object> {
        var page = try decoder.decode(ListPage<Object>.self, from: framer.envelope)
        // Items under a key whose spelling the framer does not recognize are in it already.
        page.items = page.items.isEmpty ? items : items + page.items
        page.undecodable += undecodable
        return page
    }
}

/// A substitute for an API server that answers the requests of a ``KubernetesClient``.
package protocol RequestTransport: Sendable {
    /// Answers one request.
    ///
    /// - Parameters:
    ///   - verb: The HTTP method; `LIST` for a list.
    ///   - uri: Path and query, percent-encoded.
    ///   - body: The JSON body, if there is one.
    ///   - contentType: The media type of the body.
    /// - Returns: The status and the body; `nil` where the connection broke.
    func answer(
        _ verb: String,
        _ uri: String,
        body: [UInt8]?,
        contentType: String?
    ) async -> (status: Int, body: [UInt8])?
}
