/// A request to check whether the caller may perform an action (`authorization.k8s.io/v1`); nothing is stored. Every
/// authenticated user may make it.
package struct SelfSubjectAccessReview: KubernetesObject {
    package static let resource = Resource(
        group: "authorization.k8s.io",
        plural: "selfsubjectaccessreviews",
        kind: "SelfSubjectAccessReview",
        namespaced: false
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var spec: Spec?
    package var status: SubjectAccessReview.Status?

    /// - Parameters:
    ///   - verb: The verb of the action.
    ///   - group: The API group; empty for the core group.
    ///   - resource: The resource type, in the plural.
    ///   - subresource: The subresource; `nil` for the resource itself.
    ///   - name: The name of an object; `nil` for all.
    ///   - namespace: The namespace; `nil` for all.
    package init(
        verb: String,
        group: String,
        resource: String,
        subresource: String? = nil,
        name: String? = nil,
        namespace: String? = nil
    ) {
        apiVersion = Self.resource.apiVersion
        kind = Self.resource.kind
        metadata = ObjectMeta()
        spec = Spec(
            resourceAttributes: SubjectAccessReview.ResourceAttributes(
                namespace: namespace,
                verb: verb,
                group: group,
                resource: resource,
                subresource: subresource,
                name: name
            )
        )
    }

    /// The action to check.
    package struct Spec: Codable, Hashable, Sendable {
        var resourceAttributes: SubjectAccessReview.ResourceAttributes?
    }
}
