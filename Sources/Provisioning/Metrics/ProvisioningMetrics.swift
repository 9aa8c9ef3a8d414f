import ControllerKit
import Kubernetes
import Prometheus
import Synchronization

/// Prometheus metrics of the running ``ProvisioningService``. Every replica exposes all of them; those that only the
/// leader can know are empty elsewhere.
package struct ProvisioningMetrics: Sendable {
    let claims: ClaimMetrics
    let reclaims: ReclaimMetrics
    package let hooks: HookMetrics
    let exports: ExportMetrics
    let archives: ArchiveMetrics
    private let workDuration: Histogram
    private let shown = ShownService()

    /// - Parameter registry: The registry that the families are registered in, once.
    package init(_ registry: Registry) {
        claims = ClaimMetrics(registry)
        reclaims = ReclaimMetrics(registry)
        hooks = HookMetrics(registry)
        exports = ExportMetrics(registry)
        archives = ArchiveMetrics(registry, backups: hooks.backups)
        workDuration = registry.histogram(
            "sb_nfs_queue_work_duration_seconds",
            "Duration of one attempt to process a key of a queue.",
            labels: ["queue"],
            bounds: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3600],
            limit: ProvisioningQueues.names.count
        )
        register(on: registry)
    }

    /// Records how long one try for a key of a queue took.
    func worked(in queue: String, for duration: Duration) {
        workDuration.observe(duration, queue)
    }

    /// Makes later scrapes read these parts of a service.
    func show(_ cluster: ClusterView, _ settings: ProvisionerSettings, _ queues: ProvisioningQueues, _ gate: WriteGate)
    {
        shown.service.withLock {
            $0 = ShownService.Parts(cluster: cluster, settings: settings, queues: queues, gate: gate)
        }
    }

    /// Makes later scrapes read the measured usage of volumes from this board.
    package func show(_ usage: UsageBoard) {
        shown.usage.withLock { $0 = usage }
    }

    private func register(on registry: Registry) {
        registry.collect(
            "sb_nfs_leader",
            "Whether this process may work on the shares: 1 for the leader."
        ) { [shown] in
            shown.parts.map { [Sample($0.gate.isOpen ? 1 : 0)] } ?? []
        }
        registry.collect(
            "sb_nfs_volumes",
            "This provisioner's volumes in the cluster.",
            labels: Self.place,
            limit: 500
        ) { [shown] in
            shown.parts.map { $0.cluster.samples($0.settings) { _ in 1 } } ?? []
        }
        registry.collect(
            "sb_nfs_volume_requested_bytes",
            "Total size requested of this provisioner's volumes in the cluster.",
            labels: Self.place,
            limit: 500
        ) { [shown] in
            shown.parts.map { parts in
                parts.cluster.samples(parts.settings) { $0.spec?.capacity?["storage"]?.bytes.map(Double.init) }
            } ?? []
        }
        queue(registry, "sb_nfs_queue_depth", "Keys that wait for a worker.", .gauge, \.depth)
        queue(
            registry,
            "sb_nfs_queue_adds_total",
            "Keys queued since this process began to lead.",
            .counter,
            \.adds
        )
        queue(
            registry,
            "sb_nfs_queue_retries_total",
            "Keys queued again after a failure, since this process began to lead.",
            .counter,
            \.retries
        )
        registerUsage(on: registry)
    }

    private func registerUsage(on registry: Registry) {
        func collect(_ name: String, _ help: String, _ value: @escaping @Sendable (UsageTotal) -> Double) {
            registry.collect(name, help, labels: Self.place, limit: 500) { [shown] in
                let totals = shown.usage.withLock { $0 }?.totals ?? []
                return totals.filter { $0.measured > 0 }.map { Sample(value($0), $0.storageClass, $0.namespace) }
            }
        }
        collect("sb_nfs_volume_used_bytes", "Total bytes that the measured volumes use.") {
            Double($0.usedBytes)
        }
        collect("sb_nfs_volumes_measured", "Volumes whose usage was measured.") { Double($0.measured) }
        collect(
            "sb_nfs_volumes_above_request",
            "Volumes that use more than was requested; NFS does not enforce sizes."
        ) { Double($0.aboveRequest) }
    }

    private func queue(
        _ registry: Registry,
        _ name: String,
        _ help: String,
        _ type: MetricType,
        _ value: @escaping @Sendable (WorkQueueStatistics) -> Int
    ) {
        registry.collect(
            name,
            help,
            type: type,
            labels: ["queue"],
            limit: ProvisioningQueues.names.count
        ) { [shown] in
            (shown.parts?.queues.statistics ?? []).map { Sample(Double(value($0.statistics)), $0.queue) }
        }
    }

    /// Labels of metrics that are aggregated over volumes; `class` is empty for a volume without one.
    static let place = ["class", "namespace"]
}

/// Holds what scrapes read: the parts of the running service.
private final class ShownService: Sendable {
    struct Parts: Sendable {
        let cluster: ClusterView
        let settings: ProvisionerSettings
        let queues: ProvisioningQueues
        let gate: WriteGate
    }

    let service = Mutex<Parts?>(nil)
    let usage = Mutex<UsageBoard?>(nil)

    var parts: Parts? { service.withLock { $0 } }
}

extension ClusterView {
    /// A sample for each volume of ours that has the value.
    fileprivate func samples(
        _ settings: ProvisionerSettings,
        _ value: (PersistentVolume) -> Double?
    ) -> [Sample] {
        volumes.objects.lazy.filter { $0.isProvisioned(under: settings) }.compactMap { volume in
            value(volume).map { Sample($0, volume.className ?? "", volume.spec?.claimRef?.namespace ?? "") }
        }
    }
}
