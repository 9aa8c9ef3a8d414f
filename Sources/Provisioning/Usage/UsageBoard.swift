import ControllerKit
import Kubernetes
import Synchronization

/// Usage of the cluster's volumes as last measured, for metrics. Empty while another process leads.
package final class UsageBoard: Sendable {
    private let cluster: ClusterView
    private let settings: ProvisionerSettings
    private let samples = Mutex<[ShareAddress: [String: UsageSample]]>([:])

    /// - Parameters:
    ///   - cluster: The view of the cluster, with its volumes and what their claims request.
    ///   - settings: The settings that tell which volumes are ours.
    package init(cluster: ClusterView, settings: ProvisionerSettings) {
        self.cluster = cluster
        self.settings = settings
    }

    /// - Parameters:
    ///   - samples: The newest sample of each volume; replaces all that was known of the share.
    ///   - share: The share that the volumes lie on.
    package func show(_ samples: [String: UsageSample], on share: ShareAddress) {
        self.samples.withLock { $0[share] = samples }
    }

    package func show(_ sample: UsageSample, of volume: String, on share: ShareAddress) {
        samples.withLock { $0[share, default: [:]][volume] = sample }
    }

    package func clear() {
        samples.withLock { $0 = [:] }
    }

    /// Totals by class and namespace, of all volumes of ours that exist now, measured or not.
    package var totals: [UsageTotal] {
        let samples = samples.withLock { $0.values }
        var totals: [[String]: UsageTotal] = [:]
        for volume in cluster.volumes.objects where volume.isProvisioned(under: settings) {
            let (storageClass, namespace) = (volume.className ?? "", volume.spec?.claimRef?.namespace ?? "")
            let key = [storageClass, namespace]
            var total = totals[key] ?? UsageTotal(storageClass: storageClass, namespace: namespace)
            total.add(
                request: cluster.request(of: volume)?.bytes.flatMap { UInt64(exactly: $0) },
                sample: samples.lazy.compactMap { $0[volume.key.name] }.first
            )
            totals[key] = total
        }
        return Array(totals.values)
    }
}
