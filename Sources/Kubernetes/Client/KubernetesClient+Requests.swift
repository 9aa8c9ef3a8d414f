import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

extension KubernetesClient {
    /// Sends a request and reads the answer as a `Value`.
    func object<Value: Decodable>(_ request: Request) async throws(KubernetesError) -> Value {
        let body = try await perform(request)
        do {
            return try JSONDecoder().decode(Value.self, from: body)
        } catch {
            throw KubernetesError(
                code: .decoding,
                request: request.description,
                reason: "the answer is not what an API server gives (\(decodingReason(error)))"
            )
        }
    }

    /// Sends a request, again where ``RetryPolicy`` allows it.
    ///
    /// - Returns: The body of the answer.
    @discardableResult
    func perform(_ request: Request) async throws(KubernetesError) -> ByteBuffer {
        let policy = RetryPolicy(limits: limits)
        var attempt = 1
        var hasRenewed = false
        while true {
            let failure: KubernetesError
            let identity = try await identity(for: request)
            do {
                return try await send(request, as: identity)
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
            logger.debug("request to the API server is sent again", metadata: ["error": "\(failure)"])
            attempt += 1
            guard (try? await Task.sleep(for: wait)) != nil else { throw .cancelled(request) }
        }
    }

    /// One try.
    private func send(_ request: Request, as identity: Identity) async throws(KubernetesError) -> ByteBuffer {
        let httpRequest = httpRequest(request, as: identity)
        let outcome: Result<Answer, any Error>?
        do {
            outcome = try await gate.pass {
                await withDeadline(self.limits.requestTimeout) { await self.exchange(httpRequest) }
            }
        } catch {
            throw .cancelled(request)
        }
        if let code = outcome.code { onAnswer(request.verb.rawValue, code) }
        switch outcome {
        case .success(let answer):
            guard (200..<300).contains(answer.status.code) else {
                throw KubernetesError(answer, request: request)
            }
            return answer.body
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

    private func exchange(_ httpRequest: HTTPClientRequest) async -> Result<Answer, any Error> {
        do {
            let deadline = NIODeadline.now() + TimeAmount(limits.requestTimeout)
            let response = try await requests.execute(httpRequest, deadline: deadline)
            let body = try await response.body.collect(upTo: limits.answerBytes)
            return .success(Answer(status: response.status, headers: response.headers, body: body))
        } catch {
            return .failure(error)
        }
    }

    /// The identity for a request; trouble with it is told as the request's.
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

extension Result<Answer, any Error>? {
    /// For people and metrics; nil for what was given up by its own task.
    fileprivate var code: String? {
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

extension KubernetesError {
    static func cancelled(_ request: Request) -> KubernetesError {
        KubernetesError(code: .cancelled, request: request.description, reason: "cancelled")
    }

    /// The error an answer other than 2xx stands for; one without a `Status`, as a proxy gives it, is quoted.
    init(_ answer: Answer, request: Request) {
        var status = (try? JSONDecoder().decode(Status.self, from: answer.body)) ?? Status()
        if status.message == nil, status.reason == nil {
            let text = String(buffer: answer.body).prefix(200).trimmingCharacters(in: .whitespacesAndNewlines)
            status.message = text.isEmpty ? nil : text
        }
        self.init(
            status: status,
            httpStatus: Int(answer.status.code),
            request: request.description,
            retryAfter: Answer.retryAfter(answer.headers)
        )
    }
}
