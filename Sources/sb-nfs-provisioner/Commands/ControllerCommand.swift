import ArgumentParser
import Backup
import Foundation
import Kubernetes
import Logging
import Provisioning
import ServiceLifecycle
import UnixSignals

struct ControllerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "controller",
        abstract: "Serve claims and reclaim released volumes, until told to stop."
    )

    @OptionGroup var options: ControllerOptions

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configuration: ControllerConfiguration
        let cluster: ClusterConfiguration
        do {
            let values = try SettingValues(flags: options.values, config: options.exports.config)
            configuration = try ControllerConfiguration(values)
            cluster = try ClusterConfiguration.load(kubeconfig: configuration.kubeconfig, environment: environment)
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
        try await Self.serve(configuration, cluster)
    }

    private static func serve(_ configuration: ControllerConfiguration, _ cluster: ClusterConfiguration) async throws {
        var logger = Logger(label: "sb-nfs-provisioner") { label in StreamLogHandler.standardError(label: label) }
        logger.logLevel = configuration.logLevel
        let userAgent = "sb-nfs-provisioner/\(Version.current)"
        let metrics = ControllerMetrics(hooks: configuration.hooks)
        let (client, electionClient) = (newClient(), newClient())
        func newClient() -> KubernetesClient {
            KubernetesClient(
                configuration: cluster,
                userAgent: userAgent,
                onAnswer: metrics.onAnswer,
                logger: logger
            )
        }
        let podName = configuration.podName ?? ProcessInfo.processInfo.hostName
        let namespace = configuration.namespace ?? cluster.namespace ?? "default"
        let identity = "\(podName)_\(UUID().uuidString.lowercased())"
        let view = ClusterView()
        let usage = UsageBoard(cluster: view, settings: configuration.settings)
        metrics.provisioning.show(usage)
        let gate = WriteGate()
        let provisioning = ProvisioningService(
            client: client,
            electionClient: electionClient,
            settings: configuration.settings,
            process: ProvisioningService.Process(
                identity: identity,
                namespace: namespace,
                electsLeader: configuration.electsLeader,
                width: configuration.workers
            ),
            cluster: view,
            gate: gate,
            hooks: HookRunner(
                configuration.hooks,
                client: client,
                namespace: namespace,
                mayWrite: { gate.isOpen },
                logger: logger
            ),
            duties: duties(configuration, view, usage, client, metrics, identity: identity, logger),
            metrics: metrics.provisioning,
            logger: logger
        )
        logger.info(
            "starting",
            metadata: [
                "version": "\(Version.current)",
                "provisioner": "\(configuration.settings.provisionerName)",
                "export": "\(configuration.settings.export.map { "\($0)" } ?? "none but those of classes")",
                "api": "\(cluster.server)",
            ]
        )
        let health = HealthServer(
            address: configuration.http,
            provisioning: provisioning,
            registry: metrics.registry,
            logger: logger
        )
        // Shut down in reverse: work first, then the probes, then the connections that the work needed.
        var services: [any Service] = [client, electionClient, health, provisioning]
        let reports = ControllerReports(configuration, view, identity: identity, logger: logger)
        if let settings = configuration.reports {
            let reviewClient = newClient()
            do {
                let server = try ReportServer(settings, client: reviewClient, logger: logger) { await reports.read() }
                services = [reviewClient, server] + services
            } catch {
                throw ExitCode.unusableSettings.saying(error)
            }
        }
        let group = ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        try await group.run()
        await reports.close()
        logger.info("stopped")
    }

    private static func duties(
        _ configuration: ControllerConfiguration,
        _ cluster: ClusterView,
        _ usage: UsageBoard,
        _ client: KubernetesClient,
        _ metrics: ControllerMetrics,
        identity: String,
        _ logger: Logger
    ) -> [any LeaderDuty] {
        var duties: [any LeaderDuty] = []
        if let retention = configuration.retention {
            duties.append(RetentionDuty(policy: retention, metrics: metrics.retention, logger: logger))
        }
        if configuration.usage.isEnabled {
            duties.append(
                UsageDuty(
                    schedule: configuration.usage,
                    cluster: cluster,
                    settings: configuration.settings,
                    board: usage,
                    events: EventRecorder(
                        client: client,
                        of: configuration.settings,
                        identity: identity,
                        logger: logger
                    ),
                    logger: logger
                )
            )
        }
        return duties
    }
}
