/// The API server's response to a request that it refused or could not serve.
///
/// Also sent as the object of an `ERROR` event in a watch.
package struct Status: Codable, Hashable, Sendable {
    package var message: String?
    /// One word for programs, such as `NotFound`, `Conflict`, `AlreadyExists`, `Expired`.
    package var reason: String?
    /// The HTTP status.
    package var code: Int?
    package var details: Details?

    package init(message: String? = nil, reason: String? = nil, code: Int? = nil, details: Details? = nil) {
        self.message = message
        self.reason = reason
        self.code = code
        self.details = details
    }

    /// Details of the refusal.
    package struct Details: Codable, Hashable, Sendable {
        package var name: String?
        package var kind: String?
        package var retryAfterSeconds: Int?
        package var causes: [Cause]?

        package init(
            name: String? = nil,
            kind: String? = nil,
            retryAfterSeconds: Int? = nil,
            causes: [Cause]? = nil
        ) {
            self.name = name
            self.kind = kind
            self.retryAfterSeconds = retryAfterSeconds
            self.causes = causes
        }
    }

    /// One of several causes, usually an invalid field.
    package struct Cause: Codable, Hashable, Sendable {
        package var reason: String?
        package var message: String?
        package var field: String?

        package init(reason: String? = nil, message: String? = nil, field: String? = nil) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }
}
