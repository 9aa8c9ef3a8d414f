import Kubernetes
import Provisioning

/// The parts of `controller` that live as long as its process, through every change of the configuration.
struct ControllerProcessParts {
    let cluster: ClusterConfiguration
    let output: LogOutput
    let metrics = ControllerMetrics()
    let exports = ExportHealth()
    let reports = CurrentReports()
    /// For everything but the election.
    let client: KubernetesClient
    /// For the election alone: its renewals must not queue behind a burst of claims.
    let electionClient: KubernetesClient
    let watch: ClusterWatch

    init(_ cluster: ClusterConfiguration, _ output: LogOutput) {
        self.cluster = cluster
        self.output = output
        client = Self.newClient(cluster, output, metrics)
        electionClient = Self.newClient(cluster, output, metrics)
        watch = ClusterWatch(client: client, logger: output.logger(.provisioning))
    }

    /// Creates another client with its own connections.
    func newClient() -> KubernetesClient { Self.newClient(cluster, output, metrics) }

    private static func newClient(
        _ cluster: ClusterConfiguration,
        _ output: LogOutput,
        _ metrics: ControllerMetrics
    ) -> KubernetesClient {
        KubernetesClient(
            configuration: cluster,
            userAgent: "sb-nfs-provisioner/\(Version.current)",
            onAnswer: metrics.onAnswer,
            logger: output.logger(.kubernetes)
        )
    }
}
