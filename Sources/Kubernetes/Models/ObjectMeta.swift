/// The metadata of every object, as far as this program reads or writes it.
package struct ObjectMeta: Codable, Hashable, Sendable {
    package var name: String?
    package var generateName: String?
    package var namespace: String?
    package var uid: String?
    /// A version of the object; two versions are comparable only if both are numbers (KEP-5504).
    package var resourceVersion: String?
    package var creationTimestamp: Timestamp?
    /// Set once deletion was asked for; the object stays until its finalizers are gone.
    package var deletionTimestamp: Timestamp?
    package var labels: [String: String]?
    package var annotations: [String: String]?
    package var finalizers: [String]?

    package init(
        name: String? = nil,
        generateName: String? = nil,
        namespace: String? = nil,
        uid: String? = nil,
        resourceVersion: String? = nil,
        creationTimestamp: Timestamp? = nil,
        deletionTimestamp: Timestamp? = nil,
        labels: [String: String]? = nil,
        annotations: [String: String]? = nil,
        finalizers: [String]? = nil
    ) {
        self.name = name
        self.generateName = generateName
        self.namespace = namespace
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.creationTimestamp = creationTimestamp
        self.deletionTimestamp = deletionTimestamp
        self.labels = labels
        self.annotations = annotations
        self.finalizers = finalizers
    }
}

extension ObjectMeta {
    /// Shares what objects have in common. Their names, UIDs and versions are their own, and so may be an annotation
    /// value, such as the directory of a volume.
    fileprivate mutating func share(in pool: inout ObjectPool) {
        pool.share(&namespace)
        pool.share(&labels)
        pool.shareStrings(of: &annotations)
        pool.share(&finalizers)
    }
}

extension KubernetesObject {
    /// Replaces what this object has in common with others by the pool's copies.
    package mutating func share(in pool: inout ObjectPool) {
        pool.share(&apiVersion)
        pool.share(&kind)
        metadata.share(in: &pool)
        shareContents(in: &pool)
    }

    package mutating func shareContents(in pool: inout ObjectPool) {}
}

extension PersistentVolume {
    package mutating func shareContents(in pool: inout ObjectPool) {
        guard var spec else { return }
        if let server = spec.nfs?.server { spec.nfs?.server = pool.shared(server) }
        pool.share(&spec.capacity)
        pool.share(&spec.accessModes)
        pool.share(&spec.mountOptions)
        pool.share(&spec.storageClassName)
        if var claim = spec.claimRef {
            pool.share(&claim.kind)
            pool.share(&claim.namespace)
            spec.claimRef = claim
        }
        self.spec = spec
    }
}

extension PersistentVolumeClaim {
    package mutating func shareContents(in pool: inout ObjectPool) {
        pool.shareStorage(of: &metadata.annotations)
        if var spec {
            pool.share(&spec.storageClassName)
            pool.share(&spec.accessModes)
            if var resources = spec.resources {
                pool.share(&resources.requests)
                spec.resources = resources
            }
            self.spec = spec
        }
        if var status {
            pool.share(&status.capacity)
            self.status = status
        }
    }
}
