import NIOSSL

/// What a request carries to say who asks, and to know who answers. Never printed.
struct Identity: Sendable {
    /// The value of the `Authorization` header.
    var authorization: String?
    /// `nil` for plain HTTP.
    var tls: TLSConfiguration?
    /// Tells it from those made before, which may look the same.
    let generation: Int
}
