import ControllerKit
import Kubernetes
import Synchronization

/// How much the cluster's volumes hold, as they were measured last, for metrics. Empty while another process leads.
package final class UsageBoard: Sendable {
    private let cluster: ClusterView
    private let settings: ProvisionerSettings
    private let samples = Mutex<[ShareAddress: [String: UsageSample]]>([:])

    /// - Parameters:
    ///   - cluster: What its volumes are, and what their claims ask for.
    ///   - settings: Whose volumes are ours.
    package init(cluster: ClusterView, settings: ProvisionerSettings) {
        self.cluster = cluster
        self.settings = settings
    }

    /// - Parameters:
    ///   - samples: By volume, the newest of each; all that is known of the share.
    ///   - share: Where they lie.
    package func show(_ samples: [String: UsageSample], on share: ShareAddress) {
        self.samples.withLock { $0[share] = samples }
    }

    package func show(_ sample: UsageSample, of volume: String, on share: ShareAddress) {
        samples.withLock { $0[share, default: [:]][volume] = sample }
    }

    package func clear() {
        samples.withLock { $0 = [:] }
    }

    /// By class and namespace, of all volumes of ours that there are now, measured or not.
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
