import Kubernetes
import Prometheus

/// Metrics of claims and of restores (L4: the library's metric names).
struct ClaimMetrics: Sendable {
    private let provisioned: Counter
    private let failed: Counter
    private let duration: Histogram
    private let restores: Counter

    init(_ registry: Registry) {
        let labels = ["class", "source"]
        provisioned = registry.counter(
            "controller_persistentvolumeclaim_provision_total",
            "Volumes provisioned, by class and by the kind of the claim's data source.",
            labels: labels
        )
        failed = registry.counter(
            "controller_persistentvolumeclaim_provision_failed_total",
            "Failed attempts to provision a volume, by class and by the kind of the claim's data source.",
            labels: labels
        )
        duration = registry.histogram(
            "controller_persistentvolumeclaim_provision_duration_seconds",
            "Duration of attempts that provisioned a volume, by class and by the kind of the claim's data source.",
            labels: labels
        )
        restores = registry.counter(
            "sb_nfs_restores_total",
            "Volumes provisioned from an archive: moved back, or copied.",
            labels: ["mode"],
            limit: RestoreRequest.Mode.allCases.count
        )
        for mode in RestoreRequest.Mode.allCases { restores.increment(mode.rawValue, by: 0) }
    }

    /// Exposes a class's series before any of its claims has been provisioned.
    func expect(class name: String) {
        provisioned.increment(name, "", by: 0)
        failed.increment(name, "", by: 0)
    }

    /// Counts a provisioned plan, and records how long its try took. A claim with a data source never gets a plan.
    func succeeded(_ plan: ProvisioningPlan, since start: ContinuousClock.Instant) {
        provisioned.increment(plan.className, "")
        duration.observe(.now - start, plan.className, "")
        if let restore = plan.restore { restores.increment(restore.mode.rawValue) }
    }

    func failed(_ plan: ProvisioningPlan) {
        failed.increment(plan.className, "")
    }

    /// Counts a rejected claim. It may name any kind as its data source, so all unknown kinds share one series.
    func rejected(_ claim: PersistentVolumeClaim) {
        let kind = claim.spec?.dataSource?.kind ?? ""
        let isKnown = ["", "PersistentVolumeClaim", "VolumeSnapshot"].contains(kind)
        failed.increment(claim.className ?? "", isKnown ? kind : "other")
    }
}
