/// Why a request to the API server, or the way to it, failed.
package struct KubernetesError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; decides what the caller does next.
    package enum Code: String, Sendable, Hashable {
        /// 400: the request makes no sense to the server.
        case badRequest
        /// 401: the server does not know who asks.
        case unauthorized
        /// 403: the one who asks may not.
        case forbidden
        /// 404: no such object, or no such kind of object.
        case notFound
        /// 409: the object changed, or is not the one the precondition names.
        case conflict
        /// 409: an object of that name exists.
        case alreadyExists
        /// 410: the resource version or continue token is too old; list again.
        case gone
        /// 422: the object breaks a rule of its kind.
        case invalid
        /// 429: the server asks for patience.
        case tooManyRequests
        /// 5xx, or an answer no API server gives.
        case serverError
        /// No complete answer in time; whether the request was carried out is unknown.
        case timeout
        /// No connection could be made: nothing was asked.
        case connection
        /// The connection was lost; whether the request was carried out is unknown.
        case connectionLost
        /// The task was cancelled, or the client was shut down.
        case cancelled
        /// The answer is not the JSON it should be.
        case decoding
        /// The answer is larger than ``ClientLimits`` allows; ask for less at a time.
        case tooLarge
        /// The cluster's configuration or credentials cannot be used.
        case configuration
    }

    package let code: Code
    /// What was asked, such as `GET persistentvolumes/pvc-1`; empty for trouble with the configuration.
    package let request: String
    /// What went wrong and what to do, without the request.
    package let reason: String
    /// The server's own answer, if it gave one.
    package let status: Status?
    /// How long the server asked to wait before the next try; a minute at most.
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

    /// Whether the same request may succeed later without anyone mending anything.
    ///
    /// A conflict is not: the object has to be read again first.
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
