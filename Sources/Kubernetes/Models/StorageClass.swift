/// A kind of storage tenants may ask for (`storage.k8s.io/v1`). Its parameters never change once it exists.
package struct StorageClass: KubernetesObject {
    package static let resource = Resource(
        group: "storage.k8s.io",
        plural: "storageclasses",
        kind: "StorageClass",
        namespaced: false
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    /// The name of the provisioner that serves the class.
    package var provisioner: String
    package var parameters: [String: String]?
    package var reclaimPolicy: ReclaimPolicy?
    package var mountOptions: [String]?
    package var allowVolumeExpansion: Bool?
    package var volumeBindingMode: VolumeBindingMode?
    package var allowedTopologies: [TopologySelectorTerm]?

    package init(
        metadata: ObjectMeta,
        provisioner: String,
        parameters: [String: String]? = nil,
        reclaimPolicy: ReclaimPolicy? = nil,
        mountOptions: [String]? = nil,
        allowVolumeExpansion: Bool? = nil,
        volumeBindingMode: VolumeBindingMode? = nil,
        allowedTopologies: [TopologySelectorTerm]? = nil
    ) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
        self.provisioner = provisioner
        self.parameters = parameters
        self.reclaimPolicy = reclaimPolicy
        self.mountOptions = mountOptions
        self.allowVolumeExpansion = allowVolumeExpansion
        self.volumeBindingMode = volumeBindingMode
        self.allowedTopologies = allowedTopologies
    }
}
