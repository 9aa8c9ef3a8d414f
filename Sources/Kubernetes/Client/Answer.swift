import NIOCore
import NIOHTTP1

/// The API server's answer to a ``Request``.
enum Answer<Value: Sendable>: Sendable {
    /// What was asked for.
    case value(Value, HTTPResponseStatus)
    /// Success, but not with what was asked for.
    case unreadable(DecodingError, HTTPResponseStatus)
    case refusal(Refusal)

    var status: HTTPResponseStatus {
        switch self {
        case .value(_, let status), .unreadable(_, let status): status
        case .refusal(let refusal): refusal.status
        }
    }
}

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
