import Kubernetes
import Provisioning

extension ReportSources {
    /// Without what is another cluster's on the same shares: its namespaces are not this one's, whatever they are called.
    ///
    /// An audit line names no cluster: it is another's if its volume's record is, or if the process that wrote it wrote
    /// such a line too.
    package var ofThisCluster: ReportSources {
        let inCluster = Set(cluster.volumes.map(\.key.name))
        var own = self
        own.shares = shares.map { share in
            var share = share
            var others: Set<String> = []
            share.volumes.removeAll { entry in
                guard case .record(let record) = entry, !cluster.isOurs(record.cluster),
                    !inCluster.contains(record.volume)
                else { return false }
                others.insert(record.volume)
                return true
            }
            share.catalogue.removeAll { entry in
                guard case .archive(let record) = entry, !cluster.isOurs(record.cluster) else { return false }
                others.insert(record.id)
                return true
            }
            let writers = Set(share.audit.filter { others.contains($0.volume) }.compactMap(\.by))
            share.audit.removeAll { others.contains($0.volume) || $0.by.map(writers.contains) ?? false }
            return share
        }
        return own
    }
}
