extension KubernetesError {
    /// The error a refusal of the API server stands for.
    ///
    /// - Parameters:
    ///   - status: The body of the refusal, or the object of a watch's `ERROR` event.
    ///   - httpStatus: The HTTP status of the answer; `nil` for an event.
    ///   - request: What was asked, such as `GET persistentvolumes/pvc-1`.
    ///   - retryAfter: The answer's `Retry-After`, which goes before the one in `status`.
    package init(status: Status, httpStatus: Int? = nil, request: String = "", retryAfter: Duration? = nil) {
        let number = httpStatus ?? status.code ?? 0
        let code = status.contradictsUID ? .conflict : Code(httpStatus: number, reason: status.reason ?? "")
        self.init(
            code: code,
            request: request,
            reason: Self.sentence(code, status: status, httpStatus: number),
            status: status,
            retryAfter: retryAfter ?? status.details?.retryAfterSeconds.flatMap { Duration(retryAfterSeconds: $0) }
        )
    }

    private static func sentence(_ code: Code, status: Status, httpStatus: Int) -> String {
        let message = status.message ?? status.reason ?? "HTTP status \(httpStatus), without an explanation"
        return switch code {
        case .unauthorized:
            "unauthorized: the API server does not accept the credentials; check the token or client certificate"
        case .forbidden: "forbidden: \(message)"
        case .conflict: "conflict: \(message)"
        case .gone: "gone: \(message)"
        case .invalid: "invalid: \(message)"
        case .tooManyRequests: "too many requests: \(message)"
        case .serverError: "server error \(httpStatus): \(message)"
        case .timeout: "the API server timed out: \(message)"
        default: message
        }
    }
}

extension Duration {
    /// The wait a server asks for: a minute at most, whatever it says; `nil` if the number is none.
    init?(retryAfterSeconds seconds: Int) {
        guard seconds >= 0 else { return nil }
        self = .seconds(min(seconds, 60))
    }
}

extension Status {
    /// Whether the refusal is that of a patch whose `metadata.uid` is another object's. The server calls it invalid; it is a
    /// precondition that does not hold.
    fileprivate var contradictsUID: Bool {
        reason == "Invalid" && details?.causes?.contains { $0.field == "metadata.uid" } ?? false
    }
}

extension KubernetesError.Code {
    /// The code for an HTTP status and a `Status.reason`, which tells apart what shares a number.
    init(httpStatus: Int, reason: String) {
        self =
            switch (httpStatus, reason) {
            case (409, "AlreadyExists"): .alreadyExists
            case (410, _), (_, "Expired"), (_, "Gone"): .gone
            case (504, _), (_, "Timeout"), (_, "ServerTimeout"): .timeout
            case (401, _): .unauthorized
            case (403, _): .forbidden
            case (404, _): .notFound
            case (409, _): .conflict
            case (422, _): .invalid
            case (429, _): .tooManyRequests
            case (400..<500, _): .badRequest
            default: .serverError
            }
    }
}
