/// A machine that pods run on (`v1`, `Node`); only its labels are used.
package struct ClusterNode: KubernetesObject {
    package static let resource = Resource(plural: "nodes", kind: "Node", namespaced: false)

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta

    package init(metadata: ObjectMeta) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
    }
}
