/// A piece of storage in the cluster (`v1`), modelled as far as it is, or may be, an NFS directory.
package struct PersistentVolume: KubernetesObject {
    package static let resource = Resource(plural: "persistentvolumes", kind: "PersistentVolume", namespaced: false)

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

extension PersistentVolume {
    /// The properties of the volume, and its claim.
    package struct Spec: Codable, Hashable, Sendable {
        /// Amounts by resource name; the size of a volume is `capacity["storage"]`.
        package var capacity: [String: Quantity]?
        package var accessModes: [AccessMode]?
        /// `nil` if the volume is not an NFS volume.
        package var nfs: NFSSource?
        /// The claim the volume is bound to, or was.
        package var claimRef: ObjectReference?
        package var persistentVolumeReclaimPolicy: ReclaimPolicy?
        package var storageClassName: String?
        package var mountOptions: [String]?
        package var volumeMode: VolumeMode?
        package var nodeAffinity: VolumeNodeAffinity?

        package init(
            capacity: [String: Quantity]? = nil,
            accessModes: [AccessMode]? = nil,
            nfs: NFSSource? = nil,
            claimRef: ObjectReference? = nil,
            persistentVolumeReclaimPolicy: ReclaimPolicy? = nil,
            storageClassName: String? = nil,
            mountOptions: [String]? = nil,
            volumeMode: VolumeMode? = nil,
            nodeAffinity: VolumeNodeAffinity? = nil
        ) {
            self.capacity = capacity
            self.accessModes = accessModes
            self.nfs = nfs
            self.claimRef = claimRef
            self.persistentVolumeReclaimPolicy = persistentVolumeReclaimPolicy
            self.storageClassName = storageClassName
            self.mountOptions = mountOptions
            self.volumeMode = volumeMode
            self.nodeAffinity = nodeAffinity
        }
    }

    /// The directory kubelet mounts.
    package struct NFSSource: Codable, Hashable, Sendable {
        package var server: String
        package var path: String
        package var readOnly: Bool?

        package init(server: String, path: String, readOnly: Bool? = nil) {
            self.server = server
            self.path = path
            self.readOnly = readOnly
        }
    }

    /// The status of the volume in the cluster.
    package struct Status: Codable, Hashable, Sendable {
        package var phase: Phase?
        package var reason: String?
        package var message: String?
        /// When the volume entered its phase; API servers before 1.28 do not report it.
        package var lastPhaseTransitionTime: Timestamp?

        package init(
            phase: Phase? = nil,
            reason: String? = nil,
            message: String? = nil,
            lastPhaseTransitionTime: Timestamp? = nil
        ) {
            self.phase = phase
            self.reason = reason
            self.message = message
            self.lastPhaseTransitionTime = lastPhaseTransitionTime
        }
    }

    /// The phase of a volume.
    package struct Phase: RawRepresentable, Codable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let pending = Phase(rawValue: "Pending")
        package static let available = Phase(rawValue: "Available")
        package static let bound = Phase(rawValue: "Bound")
        package static let released = Phase(rawValue: "Released")
        package static let failed = Phase(rawValue: "Failed")
    }
}

/// The number of nodes that may mount a volume, and whether they may write.
package struct AccessMode: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let readWriteOnce = AccessMode(rawValue: "ReadWriteOnce")
    package static let readOnlyMany = AccessMode(rawValue: "ReadOnlyMany")
    package static let readWriteMany = AccessMode(rawValue: "ReadWriteMany")
    package static let readWriteOncePod = AccessMode(rawValue: "ReadWriteOncePod")
}

/// What happens to a volume when its claim is gone.
package struct ReclaimPolicy: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let delete = ReclaimPolicy(rawValue: "Delete")
    package static let retain = ReclaimPolicy(rawValue: "Retain")
}

/// Whether a volume is mounted as a file system or handed to the pod as a device.
package struct VolumeMode: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let filesystem = VolumeMode(rawValue: "Filesystem")
    package static let block = VolumeMode(rawValue: "Block")
}
