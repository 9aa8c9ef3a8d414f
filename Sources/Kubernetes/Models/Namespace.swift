/// A namespace (`v1`).
package struct Namespace: KubernetesObject {
    package static let resource = Resource(plural: "namespaces", kind: "Namespace", namespaced: false)

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta

    package init(metadata: ObjectMeta) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
    }
}
