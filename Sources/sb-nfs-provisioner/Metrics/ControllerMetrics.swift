import Backup
import Prometheus
import Provisioning

/// All that `controller` tells Prometheus, in a registry of its own.
struct ControllerMetrics {
    let registry: Registry
    let provisioning: ProvisioningMetrics
    let retention: RetentionMetrics
    let configuration: ConfigurationMetrics
    private let requests: Counter

    init() {
        registry = Registry()
        provisioning = ProvisioningMetrics(registry)
        retention = RetentionMetrics(registry)
        configuration = ConfigurationMetrics(registry)
        requests = registry.counter(
            "sb_nfs_api_requests_total",
            "Requests to the API server but watches, tries counted, by what was done and the status of the answer.",
            labels: ["verb", "code"]
        )
        registry.collect("sb_nfs_build_info", "The program: always 1.", labels: ["version"], limit: 1) {
            [Sample(1, Version.current)]
        }
        ProcessReading.show(on: registry)
    }

    /// Shows hooks before they have run.
    func expect(_ hooks: [Hook]) {
        for hook in hooks { provisioning.hooks.expect(hook.name, hook.phase, hook.action.kind) }
    }

    /// A request to the API server was answered, or was not.
    var onAnswer: @Sendable (_ verb: String, _ code: String) -> Void {
        { [requests] verb, code in requests.increment(verb, code) }
    }
}
