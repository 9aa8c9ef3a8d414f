import Foundation
import Kubernetes
import NIOCore
import NIOHTTP1

extension FaultyAPIServer {
    /// As an API server says it.
    func refuse(with status: HTTPResponseStatus, on channel: any Channel) async throws {
        let reasons: [HTTPResponseStatus: String] = [
            .tooManyRequests: "TooManyRequests", .conflict: "Conflict", .gone: "Expired",
            .internalServerError: "InternalError",
        ]
        let body: JSONValue = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "a fault of a test",
            "reason": .string(reasons[status] ?? "Unknown"), "code": .integer(Int64(status.code)),
        ]
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if status == .tooManyRequests { headers.add(name: "Retry-After", value: "1") }
        try await write(status, headers, ByteBuffer(bytes: try JSONEncoder().encode(body)), to: channel)
    }

    func write(
        _ status: HTTPResponseStatus,
        _ headers: HTTPHeaders,
        _ body: ByteBuffer,
        to channel: any Channel
    ) async throws {
        var headers = headers
        headers.remove(name: "Transfer-Encoding")
        headers.replaceOrAdd(name: "Content-Length", value: "\(body.readableBytes)")
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
        try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
    }
}
