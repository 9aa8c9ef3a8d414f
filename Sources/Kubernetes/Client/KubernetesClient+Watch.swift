import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

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
