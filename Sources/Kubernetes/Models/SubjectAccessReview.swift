/// The question whether somebody may do something (`authorization.k8s.io/v1`); nothing is stored.
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
    ///   - user: Who would do it.
    ///   - attributes: What would be done.
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

    /// What somebody would do.
    package enum Attributes: Hashable, Sendable {
        /// Something to a path that is no resource.
        case path(String, verb: String)
        /// Something to resources of a kind in a namespace; nil: in all.
        case resource(Resource, verb: String, namespace: String?)
    }

    /// What is asked.
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
        /// Whether it was forbidden, rather than allowed by nobody.
        package var denied: Bool?
    }
}
