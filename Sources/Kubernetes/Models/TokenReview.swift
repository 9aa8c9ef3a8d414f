/// A request for the user that a token belongs to (`authentication.k8s.io/v1`); nothing is stored.
package struct TokenReview: KubernetesObject {
    package static let resource = Resource(
        group: "authentication.k8s.io",
        plural: "tokenreviews",
        kind: "TokenReview",
        namespaced: false
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var spec: Spec?
    package var status: Status?

    /// - Parameter token: The token, without `Bearer`.
    package init(token: String) {
        apiVersion = Self.resource.apiVersion
        kind = Self.resource.kind
        metadata = ObjectMeta()
        spec = Spec(token: token)
    }

    /// The token to check.
    package struct Spec: Codable, Hashable, Sendable {
        package var token: String?
    }

    /// The answer.
    package struct Status: Codable, Hashable, Sendable {
        package var authenticated: Bool?
        package var user: User?
    }

    /// A user as the API server knows it.
    package struct User: Codable, Hashable, Sendable {
        package var username: String?
        package var uid: String?
        package var groups: [String]?
        package var extra: [String: [String]]?

        package init(
            username: String? = nil,
            uid: String? = nil,
            groups: [String]? = nil,
            extra: [String: [String]]? = nil
        ) {
            self.username = username
            self.uid = uid
            self.groups = groups
            self.extra = extra
        }
    }
}
