import NIOCore
import NIOHTTP1

/// The API server's response to a ``Request``.
enum Answer<Value: Sendable>: Sendable {
    /// The requested value.
    case value(Value, HTTPResponseStatus)
    /// A success without the requested value.
    case unreadable(DecodingError, HTTPResponseStatus)
    case refusal(Refusal)

    var status: HTTPResponseStatus {
        switch self {
        case .value(_, let status), .unreadable(_, let status): status
        case .refusal(let refusal): refusal.status
        }
    }
}

/// A response of the API server with a status other than 2xx.
struct Refusal: Sendable {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// `Retry-After`; API servers do not send the date form.
    static func retryAfter(_ headers: HTTPHeaders) -> Duration? {
        headers.first(name: "Retry-After").flatMap { Int($0) }.flatMap { Duration(retryAfterSeconds: $0) }
    }
}
