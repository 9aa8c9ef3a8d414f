import Foundation
import Prometheus

/// The metrics of how the last change of the configuration file ended; they have no values without a file.
struct ConfigurationMetrics {
    private let isSuccessful: Gauge
    private let lastSuccess: Gauge

    init(_ registry: Registry) {
        isSuccessful = registry.gauge(
            "sb_nfs_config_last_reload_successful",
            "Whether the configuration file took effect when it was last read."
        )
        lastSuccess = registry.gauge(
            "sb_nfs_config_last_reload_success_timestamp_seconds",
            "When the configuration file last took effect."
        )
    }

    func succeeded() {
        isSuccessful.set(1)
        lastSuccess.set(Date().timeIntervalSince1970)
    }

    func failed() {
        isSuccessful.set(0)
    }
}
