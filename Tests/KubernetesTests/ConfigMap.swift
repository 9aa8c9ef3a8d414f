import Kubernetes

/// The simplest object with content, to work on.
struct ConfigMap: KubernetesObject {
    static let resource = Resource(plural: "configmaps", kind: "ConfigMap", namespaced: true)

    var apiVersion: String? = "v1"
    var kind: String? = "ConfigMap"
    var metadata: ObjectMeta
    var data: [String: String]?

    init(_ name: String, in namespace: String, data: [String: String]? = nil) {
        metadata = ObjectMeta(name: name, namespace: namespace)
        self.data = data
    }
}
