extension ObjectMeta {
    /// What objects have in common; their names, uids and versions are their own.
    fileprivate mutating func share(in pool: inout StringPool) {
        pool.share(&namespace)
        pool.share(&labels)
        pool.share(&annotations)
        pool.share(&finalizers)
    }
}

extension KubernetesObject {
    /// Takes from the pool what this object has in common with others.
    package mutating func share(in pool: inout StringPool) {
        pool.share(&apiVersion)
        pool.share(&kind)
        metadata.share(in: &pool)
        shareSpec(in: &pool)
    }

    package mutating func shareSpec(in pool: inout StringPool) {}
}

extension PersistentVolume {
    package mutating func shareSpec(in pool: inout StringPool) {
        guard var spec else { return }
        if let server = spec.nfs?.server { spec.nfs?.server = pool.shared(server) }
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
    package mutating func shareSpec(in pool: inout StringPool) {
        guard var spec else { return }
        pool.share(&spec.storageClassName)
        self.spec = spec
    }
}
