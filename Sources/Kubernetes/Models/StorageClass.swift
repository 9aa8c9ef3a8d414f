/// A class of storage that tenants may request (`storage.k8s.io/v1`). Its parameters never change once it exists.
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

/// The nodes that a class's volumes may be for: those whose labels satisfy all expressions.
package struct TopologySelectorTerm: Codable, Hashable, Sendable {
    /// A label and its possible values.
    package struct Requirement: Codable, Hashable, Sendable {
        package var key: String
        package var values: [String]

        package init(key: String, values: [String]) {
            self.key = key
            self.values = values
        }
    }

    package var matchLabelExpressions: [Requirement]?

    package init(matchLabelExpressions: [Requirement]? = nil) {
        self.matchLabelExpressions = matchLabelExpressions
    }
}

/// When a claim is bound: immediately, or when a pod that uses it is scheduled.
package struct VolumeBindingMode: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let immediate = VolumeBindingMode(rawValue: "Immediate")
    package static let waitForFirstConsumer = VolumeBindingMode(rawValue: "WaitForFirstConsumer")
}
