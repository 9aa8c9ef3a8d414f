import Backup
import Kubernetes
import NFS
import Provisioning

/// Everything that reports are made of, as values.
package struct ReportSources: Sendable {
    package var shares: [ShareReading]
    package var cluster: ClusterReading
    package var settings: ProvisionerSettings
    /// nil if archives are purged only by hand.
    package var retention: RetentionPolicy?
    /// Whether any hook is for an event (`VolumeHooks.hasHooks(for:)`).
    package var hasHooks: @Sendable (HookEvent) -> Bool
    package var now: Timestamp
    /// Whether ``shares`` are all exports in use. Otherwise the report leaves out volumes that lie on none of them.
    package var coversAllExports: Bool

    package init(
        shares: [ShareReading],
        cluster: ClusterReading,
        settings: ProvisionerSettings,
        retention: RetentionPolicy? = nil,
        hasHooks: @escaping @Sendable (HookEvent) -> Bool = { _ in false },
        now: Timestamp = .now,
        coversAllExports: Bool = true
    ) {
        self.shares = shares
        self.cluster = cluster
        self.settings = settings
        self.retention = retention
        self.hasHooks = hasHooks
        self.now = now
        self.coversAllExports = coversAllExports
    }

    /// Whether there are shares, and none of them could be read.
    package var isBlind: Bool { !shares.isEmpty && shares.allSatisfy(\.isBlind) }

    var gaps: [ReportGap] { cluster.gaps + shares.flatMap(\.gaps) }

    /// How far one clock may be ahead of another, in seconds.
    private static let clockTolerance: Int64 = 300

    /// Whether any of the times lies in the future: a clock jumped, and no age can be trusted.
    func isAhead(_ times: [Timestamp]) -> Bool {
        times.contains { $0.seconds > now.seconds + Self.clockTolerance }
    }

    /// The number of seconds since a time.
    func age(of time: Timestamp) -> Int64 { now.seconds - time.seconds }

    /// The cluster's volumes that are ours, by the export that they lie on; nil for those that are on no known export.
    func volumesByExport() -> [ExportPath?: [PersistentVolume]] {
        let known = ConfiguredShares(classes: cluster.classes, settings: settings, volumes: cluster.volumes)
        let ours = cluster.volumes.filter { $0.isProvisioned(under: settings) }
        return Dictionary(grouping: ours) { volume in
            volume.spec?.nfs.flatMap { source in
                known.share(of: source, annotated: volume.metadata.annotations?[AnnotationKey.share])?.share.export
            }
        }
    }
}

extension ReportSources {
    /// The sources without those of other clusters on the same shares, whose namespaces are not this cluster's, even if
    /// they have the same names.
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
