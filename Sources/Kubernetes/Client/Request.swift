import Foundation
import NIOCore
import NIOFoundationCompat

/// One request to the API server, before credentials.
struct Request: Sendable {
    /// The verb of a request: the HTTP method, but with names of their own for lists and watches.
    enum Verb: String, Sendable {
        case get = "GET"
        case list = "LIST"
        case watch = "WATCH"
        case create = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    let verb: Verb
    /// Path and query, percent-encoded.
    private(set) var uri: String
    /// The subject of the request, for display: `persistentvolumes/pvc-1`.
    private var subject: String
    private(set) var body: ByteBuffer?
    private(set) var contentType: String?

    /// Creates a request for a path that is not a resource, such as `/version`.
    init(path: String) {
        verb = .get
        uri = path
        subject = path
    }

    /// Creates a request for a collection.
    init(_ verb: Verb, _ resource: Resource, namespace: String?) throws(KubernetesError) {
        self.verb = verb
        uri = resource.group.isEmpty ? "/api/\(resource.version)" : "/apis/\(resource.group)/\(resource.version)"
        subject = resource.plural
        if let namespace {
            subject += "/\(namespace)"
            uri += "/namespaces/\(try segment(namespace))"
        }
        uri += "/\(resource.plural)"
    }

    /// Creates a request for one object.
    init(_ verb: Verb, _ resource: Resource, _ key: ObjectKey) throws(KubernetesError) {
        try self.init(verb, resource, namespace: key.namespace)
        subject = "\(resource.plural)/\(key)"
        try requireNamespace(key.namespace, for: resource)
        uri += "/\(try segment(key.name))"
    }

    /// The verb and the subject: `GET persistentvolumes/pvc-1`.
    var description: String { "\(verb.rawValue) \(subject)" }

    /// Creates a request that creates an object; with a `generateName` only, its description names the collection.
    init(creating metadata: ObjectMeta, of resource: Resource) throws(KubernetesError) {
        try self.init(.create, resource, namespace: metadata.namespace)
        if let name = metadata.name { subject += "/\(name)" }
        try requireNamespace(metadata.namespace, for: resource)
    }

    mutating func append(subresource: String) {
        uri += "/\(subresource)"
        subject += "/\(subresource)"
    }

    /// Adds a query parameter, if there is a value.
    mutating func query(_ name: String, _ value: String?) {
        guard let value else { return }
        uri += uri.contains("?") ? "&" : "?"
        uri += "\(name)=\(percentEncoded(value))"
    }

    mutating func setBody(
        _ value: some Encodable,
        contentType: String = "application/json"
    ) throws(KubernetesError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.withoutEscapingSlashes]
            body = try encoder.encodeAsByteBuffer(value, allocator: ByteBufferAllocator())
            self.contentType = contentType
        } catch {
            throw KubernetesError(code: .badRequest, request: description, reason: "cannot be encoded: \(error)")
        }
    }

    /// A name as one path segment. A name that could lead elsewhere is refused before the request is sent.
    private func segment(_ name: String) throws(KubernetesError) -> String {
        guard !["", ".", ".."].contains(name) else {
            throw KubernetesError(
                code: .badRequest,
                request: description,
                reason: "“\(name)” is not a valid object name"
            )
        }
        return percentEncoded(name)
    }

    private func requireNamespace(_ namespace: String?, for resource: Resource) throws(KubernetesError) {
        guard (namespace != nil) == resource.namespaced else {
            throw KubernetesError(
                code: .badRequest,
                request: description,
                reason: resource.namespaced ? "the namespace is missing" : "\(resource.plural) have no namespace"
            )
        }
    }

    private func percentEncoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? text
    }

    /// RFC 3986 §2.3.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}
