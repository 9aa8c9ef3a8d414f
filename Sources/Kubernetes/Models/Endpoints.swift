/// The addresses behind a Service (`v1`); only the metadata is used, because old leader elections kept their lock in an
/// annotation.
package struct Endpoints: KubernetesObject {
    package static let resource = Resource(plural: "endpoints", kind: "Endpoints", namespaced: true)

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta

    package init(metadata: ObjectMeta) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
    }
}
