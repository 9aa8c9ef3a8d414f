/// A request for the caller's own identity (`authentication.k8s.io/v1`, since Kubernetes 1.28); nothing is stored.
package struct SelfSubjectReview: KubernetesObject {
    package static let resource = Resource(
        group: "authentication.k8s.io",
        plural: "selfsubjectreviews",
        kind: "SelfSubjectReview",
        namespaced: false
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var status: Status?

    package init() {
        apiVersion = Self.resource.apiVersion
        kind = Self.resource.kind
        metadata = ObjectMeta()
    }

    /// The answer.
    package struct Status: Codable, Hashable, Sendable {
        package var userInfo: TokenReview.User?
    }
}
