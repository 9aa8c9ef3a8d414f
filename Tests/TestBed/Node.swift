import Kubernetes

/// A machine that pods run on (`v1`), as far as the tests play its kubelet.
struct Node: KubernetesObject {
    static let resource = Resource(plural: "nodes", kind: "Node", namespaced: false)

    var apiVersion: String? = "v1"
    var kind: String? = "Node"
    var metadata: ObjectMeta
    var status: JSONValue?
}
