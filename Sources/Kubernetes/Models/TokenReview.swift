/// The question who a token is of (`authentication.k8s.io/v1`); nothing is stored.
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

    /// - Parameter token: Without `Bearer`.
    package init(token: String) {
        apiVersion = Self.resource.apiVersion
        kind = Self.resource.kind
        metadata = ObjectMeta()
        spec = Spec(token: token)
    }

    /// What is asked.
    package struct Spec: Codable, Hashable, Sendable {
        package var token: String?
    }

    /// The answer.
    package struct Status: Codable, Hashable, Sendable {
        package var authenticated: Bool?
        package var user: User?
    }

    /// Somebody the API server knows, as it knows them.
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
