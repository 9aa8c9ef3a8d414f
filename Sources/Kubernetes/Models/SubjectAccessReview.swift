/// A request to check whether a user may perform an action (`authorization.k8s.io/v1`); nothing is stored.
package struct SubjectAccessReview: KubernetesObject {
    package static let resource = Resource(
        group: "authorization.k8s.io",
        plural: "subjectaccessreviews",
        kind: "SubjectAccessReview",
        namespaced: false
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var spec: Spec?
    package var status: Status?

    /// - Parameters:
    ///   - user: The user.
    ///   - attributes: The action.
    package init(_ user: TokenReview.User, may attributes: Attributes) {
        apiVersion = Self.resource.apiVersion
        kind = Self.resource.kind
        metadata = ObjectMeta()
        var spec = Spec(user: user.username, uid: user.uid, groups: user.groups, extra: user.extra)
        switch attributes {
        case .path(let path, let verb): spec.nonResourceAttributes = NonResourceAttributes(path: path, verb: verb)
        case .resource(let resource, let verb, let namespace):
            spec.resourceAttributes = ResourceAttributes(
                namespace: namespace,
                verb: verb,
                group: resource.group,
                resource: resource.plural
            )
        }
        self.spec = spec
    }

    /// The attributes of an action.
    package enum Attributes: Hashable, Sendable {
        /// An action on a path that is not a resource.
        case path(String, verb: String)
        /// An action on resources of a kind in a namespace; `nil` for all namespaces.
        case resource(Resource, verb: String, namespace: String?)
    }

    /// The user and the action to check.
    package struct Spec: Codable, Hashable, Sendable {
        var user: String?
        var uid: String?
        var groups: [String]?
        var extra: [String: [String]]?
        var nonResourceAttributes: NonResourceAttributes?
        var resourceAttributes: ResourceAttributes?
    }

    struct NonResourceAttributes: Codable, Hashable {
        var path: String?
        var verb: String?
    }

    struct ResourceAttributes: Codable, Hashable {
        var namespace: String?
        var verb: String?
        var group: String?
        var resource: String?
        var subresource: String?
        var name: String?
    }

    /// The answer.
    package struct Status: Codable, Hashable, Sendable {
        package var allowed: Bool?
        /// Whether it was denied explicitly, rather than allowed by no authorizer.
        package var denied: Bool?
    }
}
