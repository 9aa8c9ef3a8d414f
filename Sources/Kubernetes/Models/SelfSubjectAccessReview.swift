/// The question whether whoever asks may do something (`authorization.k8s.io/v1`); nothing is stored. Everybody whom the
/// API server knows may ask it.
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
    ///   - verb: What would be done.
    ///   - group: The API group; empty for the core group.
    ///   - resource: To which resources.
    ///   - subresource: To which part of them; nil: to the whole.
    ///   - name: To which of them; nil: to all.
    ///   - namespace: In which namespace; nil: in all.
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

    /// What is asked.
    package struct Spec: Codable, Hashable, Sendable {
        var resourceAttributes: SubjectAccessReview.ResourceAttributes?
    }
}
