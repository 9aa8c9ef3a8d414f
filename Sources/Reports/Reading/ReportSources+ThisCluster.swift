import Kubernetes
import Provisioning

extension ReportSources {
    /// Without what is another cluster's on the same shares: its namespaces are not this one's, whatever they are called.
    package var ofThisCluster: ReportSources {
        let inCluster = Set(cluster.volumes.map(\.key.name))
        var own = self
        own.shares = shares.map { share in
            var share = share
            share.volumes.removeAll { entry in
                guard case .record(let record) = entry else { return false }
                return !cluster.isOurs(record.cluster) && !inCluster.contains(record.volume)
            }
            share.catalogue.removeAll { entry in
                guard case .archive(let record, _) = entry else { return false }
                return !cluster.isOurs(record.cluster)
            }
            share.audit.removeAll { !cluster.isOurs($0.cluster) }
            return share
        }
        return own
    }
}
