/// A tenant's request for storage (`v1`).
package struct PersistentVolumeClaim: KubernetesObject {
    package static let resource = Resource(
        plural: "persistentvolumeclaims",
        kind: "PersistentVolumeClaim",
        namespaced: true
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var spec: Spec?
    package var status: Status?

    package init(metadata: ObjectMeta, spec: Spec? = nil, status: Status? = nil) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }
}

extension PersistentVolumeClaim {
    /// The tenant's request.
    package struct Spec: Codable, Hashable, Sendable {
        package var accessModes: [AccessMode]?
        package var resources: Resources?
        package var selector: LabelSelector?
        package var storageClassName: String?
        package var volumeMode: VolumeMode?
        /// The volume bound to the claim.
        package var volumeName: String?
        package var dataSource: TypedObjectReference?
        package var dataSourceRef: TypedObjectReference?
        /// The class of attributes that a CSI driver may change later.
        package var volumeAttributesClassName: String?

        package init(
            accessModes: [AccessMode]? = nil,
            resources: Resources? = nil,
            selector: LabelSelector? = nil,
            storageClassName: String? = nil,
            volumeMode: VolumeMode? = nil,
            volumeName: String? = nil,
            dataSource: TypedObjectReference? = nil,
            dataSourceRef: TypedObjectReference? = nil,
            volumeAttributesClassName: String? = nil
        ) {
            self.accessModes = accessModes
            self.resources = resources
            self.selector = selector
            self.storageClassName = storageClassName
            self.volumeMode = volumeMode
            self.volumeName = volumeName
            self.dataSource = dataSource
            self.dataSourceRef = dataSourceRef
            self.volumeAttributesClassName = volumeAttributesClassName
        }
    }

    /// Amounts by resource name; the size of a claim is `requests["storage"]`.
    package struct Resources: Codable, Hashable, Sendable {
        package var requests: [String: Quantity]?

        package init(requests: [String: Quantity]? = nil) {
            self.requests = requests
        }
    }

    /// The status of the claim in the cluster.
    package struct Status: Codable, Hashable, Sendable {
        package var phase: Phase?
        package var capacity: [String: Quantity]?
        package var conditions: [Condition]?

        package init(phase: Phase? = nil, capacity: [String: Quantity]? = nil, conditions: [Condition]? = nil) {
            self.phase = phase
            self.capacity = capacity
            self.conditions = conditions
        }
    }

    /// A condition of a claim, such as that its volume is being resized.
    package struct Condition: Codable, Hashable, Sendable {
        package var type: String

        package init(type: String) {
            self.type = type
        }
    }

    /// The phase of a claim.
    package struct Phase: RawRepresentable, Codable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let pending = Phase(rawValue: "Pending")
        package static let bound = Phase(rawValue: "Bound")
        package static let lost = Phase(rawValue: "Lost")
    }
}

/// The source that a claim is populated from (`dataSource`, `dataSourceRef`).
package struct TypedObjectReference: Codable, Hashable, Sendable {
    package var apiGroup: String?
    package var kind: String
    package var name: String
    /// Only in `dataSourceRef`, for a source in another namespace.
    package var namespace: String?

    package init(apiGroup: String? = nil, kind: String, name: String, namespace: String? = nil) {
        self.apiGroup = apiGroup
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }
}
