extension ObjectMeta {
    /// What objects have in common; their names, uids and versions are their own, and so may be a value among the
    /// annotations, as the directory that a volume remembers.
    fileprivate mutating func share(in pool: inout ObjectPool) {
        pool.share(&namespace)
        pool.share(&labels)
        pool.shareStrings(of: &annotations)
        pool.share(&finalizers)
    }
}

extension KubernetesObject {
    /// Takes from the pool what this object has in common with others.
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
