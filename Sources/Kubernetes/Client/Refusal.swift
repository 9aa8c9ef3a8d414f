import NIOCore
import NIOHTTP1

/// An answer of the API server's other than 2xx.
struct Refusal: Sendable {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// `Retry-After`; API servers do not send the date form.
    static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        headers.first(name: "Retry-After").flatMap { Int($0) }.flatMap { Duration(retryAfterSeconds: $0) }
    }
}
