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
