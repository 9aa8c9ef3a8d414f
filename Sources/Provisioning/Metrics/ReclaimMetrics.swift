import Kubernetes
import Prometheus

/// Metrics of released volumes and their directories (L4: the library's metric names).
struct ReclaimMetrics: Sendable {
    private let deleted: Counter
    private let failed: Counter
    private let duration: Histogram
    private let released: Counter

    init(_ registry: Registry) {
        let outcomes = ["archived", "deleted", "retained", "gone"]
        deleted = registry.counter(
            "controller_persistentvolume_delete_total",
            "Volumes deleted after their directories were archived, deleted or retained, by class.",
            labels: ["class"]
        )
        failed = registry.counter(
            "controller_persistentvolume_delete_failed_total",
            "Failed attempts to reclaim a volume, by class.",
            labels: ["class"]
        )
        duration = registry.histogram(
            "controller_persistentvolume_delete_duration_seconds",
            "Duration of attempts that reclaimed a volume, including hooks, by class.",
            labels: ["class"]
        )
        released = registry.counter(
            "sb_nfs_released_directories_total",
            "Directories of released volumes, by outcome.",
            labels: ["outcome"],
            limit: outcomes.count
        )
        for outcome in outcomes { released.increment(outcome, by: 0) }
    }

    /// Exposes a class's series before any of its volumes has been reclaimed.
    func expect(class name: String) {
        deleted.increment(name, by: 0)
        failed.increment(name, by: 0)
    }

    /// Counts a volume that was deleted after its directory was dealt with, and records how long the try took.
    func succeeded(_ volume: PersistentVolume, _ outcome: ReclaimOutcome, since start: ContinuousClock.Instant) {
        deleted.increment(volume.className ?? "")
        duration.observe(.now - start, volume.className ?? "")
        switch outcome {
        case .archived: released.increment("archived")
        case .deleted: released.increment("deleted")
        case .retained: released.increment("retained")
        case .alreadyGone: released.increment("gone")
        }
    }

    func failed(_ volume: PersistentVolume) {
        failed.increment(volume.className ?? "")
    }
}
