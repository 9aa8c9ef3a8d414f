import AsyncHTTPClient
import Foundation
import Kubernetes
import NIOCore
import NIOHTTP1
import Presentation
import Provisioning

/// Sends requests as hooks: a POST of ``HookFacts/json``, signed (see ``HTTPSignature``).
///
/// 2xx means success. 202 means that the server is at work, and names a status address of the same origin, which is
/// polled until it answers otherwise. Every other answer is a failure, redirects included.
package final class HTTPAction: Sendable {
    private let client: HTTPClient
    private let pause: Duration

    /// The most that is kept of a body's start, in bytes.
    private static let longestStart = 64 << 10

    /// - Parameter pause: The time between polls of a server at work that does not say when to ask again.
    package init(pause: Duration = .seconds(5)) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10))
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(configuration: configuration)
        self.pause = pause
    }

    deinit {
        _ = client.shutdown()
    }

    /// Makes the request, and waits until the server is done.
    func attempt(
        _ hook: HTTPHook,
        _ facts: HookFacts,
        timeout: Duration
    ) async throws(CancellationError) -> HookAttempt {
        let attempt = await withDeadline(timeout) { await self.exchange(hook, facts) }
        if Task.isCancelled { throw CancellationError() }
        return attempt ?? HookAttempt(.timedOut, "\(Self.place(hook.url)): not finished within \(timeout.words)")
    }

    private func exchange(_ hook: HTTPHook, _ facts: HookFacts) async -> HookAttempt {
        do {
            guard let url = URL(string: hook.url), let origin = HTTPOrigin(url) else {
                throw HTTPHookError("“\(Self.place(hook.url))” is not an address")
            }
            let credentials = try HTTPCredentials(hook)
            var reply = try await send(.POST, url, facts, facts.json, credentials)
            var statusURL: URL?
            while reply.status == .accepted {
                statusURL = reply.statusURL(of: statusURL ?? url) ?? statusURL
                guard let statusURL else {
                    throw HTTPHookError("\(Self.place(hook.url)) answered 202 without a status URL")
                }
                guard HTTPOrigin(statusURL) == origin else {
                    throw HTTPHookError("\(Self.place(hook.url)): its status URL is on another server; not followed")
                }
                try await Task.sleep(for: reply.pause(pause))
                reply = try await send(.GET, statusURL, facts, nil, credentials)
            }
            return Self.attempt(reply, Self.place(hook.url), credentials)
        } catch let error as HTTPHookError {
            return HookAttempt(.failed, error.description)
        } catch {
            return HookAttempt(.failed, "\(Self.place(hook.url)): \(HTTPHookError(transport: error))")
        }
    }

    private func send(
        _ method: HTTPMethod,
        _ url: URL,
        _ facts: HookFacts,
        _ body: [UInt8]?,
        _ credentials: HTTPCredentials
    ) async throws -> HTTPReply {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = method
        request.tlsConfiguration = credentials.tls
        request.headers.add(name: "User-Agent", value: "sb-nfs-provisioner")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Idempotency-Key", value: facts.idempotencyKey)
        credentials.sign(&request.headers, body: body ?? [])
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        // The hook's own timeout cancels the task.
        let response = try await client.execute(request, deadline: .distantFuture)
        var start: [UInt8] = []
        var tail = OutputTail()
        for try await chunk in response.body {
            start += chunk.readableBytesView.prefix(Self.longestStart - start.count)
            tail.append(chunk.readableBytesView)
        }
        return HTTPReply(status: response.status, headers: response.headers, start: start, tail: tail)
    }

    private static func attempt(_ reply: HTTPReply, _ place: String, _ credentials: HTTPCredentials) -> HookAttempt {
        let code = Int(reply.status.code)
        let sentence =
            switch code {
            case _ where reply.isDone: "\(place) answered \(code)"
            case 300..<400: "\(place) answered \(code): redirects are not followed; configure the final address"
            default: "\(place) answered \(code) instead of 2xx"
            }
        return HookAttempt(
            reply.isDone ? .succeeded : .failed,
            sentence,
            httpStatus: code,
            output: reply.tail.text(without: credentials.secrets)
        )
    }

    /// The address without its query, which may hold a secret.
    private static func place(_ url: String) -> String {
        String(url.prefix { $0 != "?" && $0 != "#" })
    }
}

/// Scheme, host and port (RFC 6454). A server's answer must not lead to another origin.
struct HTTPOrigin: Hashable, Sendable {
    private let scheme: String
    private let host: String
    private let port: Int

    init?(_ url: URL) {
        guard let scheme = url.scheme?.lowercased(), let host = url.host()?.lowercased(), !host.isEmpty else {
            return nil
        }
        self.scheme = scheme
        self.host = host
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }
}

/// A server's answer to a hook.
struct HTTPReply: Sendable {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    /// The start of the body, for a program to read.
    let start: [UInt8]
    /// The end of the body, for people to read.
    let tail: OutputTail

    var isDone: Bool { (200..<300).contains(status.code) && status != .accepted }

    /// The status address of a server that is still at work: `Location`, or `statusURL` in a JSON body.
    func statusURL(of request: URL) -> URL? {
        struct Body: Decodable {
            var statusURL: String?
        }
        let text =
            headers.first(name: "Location")
            ?? (try? JSONDecoder().decode(Body.self, from: Data(start)))?.statusURL
        return text.flatMap { URL(string: $0, relativeTo: request) }?.absoluteURL
    }

    /// The time until the next poll: `Retry-After` in seconds, at most a minute; `standard` without one.
    func pause(_ standard: Duration) -> Duration {
        guard let seconds = headers.first(name: "Retry-After").flatMap(Int.init), seconds >= 0 else { return standard }
        return .seconds(min(seconds, 60))
    }
}
