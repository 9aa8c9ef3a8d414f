import AsyncHTTPClient
import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The failure of a request to the API server, or of the connection or configuration that it needs.
package struct KubernetesError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, which decides what the caller does next.
    package enum Code: String, Sendable, Hashable {
        /// 400: the request makes no sense to the server.
        case badRequest
        /// 401: the server does not accept the credentials.
        case unauthorized
        /// 403: the user is not allowed to do this.
        case forbidden
        /// 404: no such object, or no such kind of object.
        case notFound
        /// 409: the object changed, or is not the one the precondition names.
        case conflict
        /// 409: an object of that name exists.
        case alreadyExists
        /// 410: the resource version or continue token is too old; list again.
        case gone
        /// 422: the object is invalid for its kind.
        case invalid
        /// 429: the server asks the client to slow down.
        case tooManyRequests
        /// 5xx, or a response that no API server gives.
        case serverError
        /// No complete response in time; whether the request was carried out is unknown.
        case timeout
        /// No connection could be made: nothing was sent.
        case connection
        /// The connection was lost; whether the request was carried out is unknown.
        case connectionLost
        /// The task was cancelled, or the client was shut down.
        case cancelled
        /// The response is not the expected JSON.
        case decoding
        /// The response is larger than ``ClientLimits`` allows; request less at a time.
        case tooLarge
        /// The cluster's configuration or credentials cannot be used.
        case configuration
    }

    package let code: Code
    /// The request, such as `GET persistentvolumes/pvc-1`; empty for an error in the configuration.
    package let request: String
    /// What went wrong and what to do, without the request.
    package let reason: String
    /// The server's own status, if it sent one.
    package let status: Status?
    /// How long the server asked to wait before the next attempt; a minute at most.
    package let retryAfter: Duration?

    package init(
        code: Code,
        request: String = "",
        reason: String,
        status: Status? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.request = request
        self.reason = reason
        self.status = status
        self.retryAfter = retryAfter
    }

    /// Whether the same request may succeed later without any fix.
    ///
    /// A conflict is not retriable: the object has to be read again first.
    package var isRetriable: Bool {
        switch code {
        case .tooManyRequests, .serverError, .timeout, .connection, .connectionLost: true
        default: false
        }
    }

    package var description: String {
        request.isEmpty ? reason : "\(request): \(reason)"
    }
}

extension KubernetesError {
    static func cancelled(_ request: Request) -> KubernetesError {
        KubernetesError(code: .cancelled, request: request.description, reason: "cancelled")
    }

    /// Creates the error for a response that cannot be decoded.
    init(answerOf request: Request, _ error: any Error) {
        self.init(
            code: .decoding,
            request: request.description,
            reason: "the answer is not that of an API server (\(decodingReason(error)))"
        )
    }

    /// Creates the error for a response other than 2xx; a body without a `Status`, such as a proxy's, is quoted.
    init(_ refusal: Refusal, request: Request) {
        var status = (try? JSONDecoder().decode(Status.self, from: refusal.body)) ?? Status()
        if status.message == nil, status.reason == nil {
            let text = String(buffer: refusal.body).prefix(200).trimmingCharacters(in: .whitespacesAndNewlines)
            status.message = text.isEmpty ? nil : text
        }
        self.init(
            status: status,
            httpStatus: Int(refusal.status.code),
            request: request.description,
            retryAfter: Refusal.retryAfter(refusal.headers)
        )
    }
}

extension KubernetesError {
    /// Creates the error for a refusal of the API server.
    ///
    /// - Parameters:
    ///   - status: The body of the refusal, or the object of a watch's `ERROR` event.
    ///   - httpStatus: The HTTP status of the response; `nil` for an event.
    ///   - request: The request, such as `GET persistentvolumes/pvc-1`.
    ///   - retryAfter: The response's `Retry-After`, which takes precedence over the one in `status`.
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
    /// The wait that a server asks for, capped at a minute; `nil` for a negative number.
    init?(retryAfterSeconds seconds: Int) {
        guard seconds >= 0 else { return nil }
        self = .seconds(min(seconds, 60))
    }
}

extension Status {
    /// Whether the server refused a patch because its `metadata.uid` is another object's. The server calls it invalid,
    /// but it is a failed precondition.
    fileprivate var contradictsUID: Bool {
        reason == "Invalid" && details?.causes?.contains { $0.field == "metadata.uid" } ?? false
    }
}

extension KubernetesError.Code {
    /// The code for an HTTP status and a `Status.reason`, which distinguishes errors with the same status.
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

extension KubernetesError {
    /// Creates the error for a failure of the connection to the API server.
    ///
    /// - Parameters:
    ///   - error: What the HTTP client threw.
    ///   - request: The request.
    ///   - server: The base address of the API server.
    init(transport error: any Error, request: String, server: String) {
        let (code, reason) = Self.diagnosis(error, server: server)
        self.init(code: code, request: request, reason: reason)
    }

    private static func diagnosis(_ error: any Error, server: String) -> (Code, String) {
        switch error {
        case is CancellationError:
            (.cancelled, "cancelled")
        case let error as HTTPClientError:
            diagnosis(error, server: server)
        case let error as NIOConnectionError:
            (.connection, "connect to \(server): \(cause(of: error))")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            (.connection, "connect to \(server): \(tlsReason(error))")
        case ChannelError.connectTimeout:
            (.connection, "connect to \(server): \(unanswered)")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            (.connection, "connect to \(server): \(refused)")
        case let error as NIOTooManyBytesError:
            (.tooLarge, "the answer is larger than \(error.maxBytes.map(String.init) ?? "the allowed number of") bytes")
        case is IOError:
            (.connectionLost, "connection to \(server) lost: \(error)")
        default:
            (.connectionLost, "talking to \(server) failed: \(error)")
        }
    }

    private static func diagnosis(_ error: HTTPClientError, server: String) -> (Code, String) {
        switch error {
        case .cancelled:
            (.cancelled, "cancelled")
        case .alreadyShutdown:
            (.cancelled, "the client was shut down")
        case .tlsHandshakeTimeout:
            (.connection, "connect to \(server): no answer to the TLS handshake; does that port speak TLS?")
        case .connectTimeout, .getConnectionFromPoolTimeout:
            (.connection, "connect to \(server): \(unanswered)")
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            (.timeout, "\(server) stopped answering")
        case .remoteConnectionClosed:
            (.connectionLost, "\(server) closed the connection")
        default:
            (.connectionLost, "talking to \(server) failed: \(error)")
        }
    }

    private static let refused = "connection refused; is the API server running and the address right?"
    private static let unanswered = "no answer in time; is the address right, and does a firewall block it?"

    private static func cause(of error: NIOConnectionError) -> String {
        if let failure = error.connectionErrors.first {
            if let cause = failure.error as? IOError {
                return cause.errnoCode == ECONNREFUSED ? refused : "\(cause)"
            }
            if case ChannelError.connectTimeout = failure.error { return unanswered }
            return "\(failure.error)"
        }
        return "the host name cannot be resolved; is the address right?"
    }

    private static func tlsReason(_ error: any Error) -> String {
        if error as? NIOSSLExtraError == .failedToValidateHostname {
            return "the server's certificate is not for that address; set tls-server-name to a name it is for"
        }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "the server's certificate is not signed by the configured certificate authority"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("EOF during handshake") {
            return "the TLS handshake fails; is the address right, and does that port speak TLS?"
        }
        return "the TLS handshake fails: \(text)"
    }
}
