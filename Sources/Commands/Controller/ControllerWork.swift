import Backup
import Foundation
import Kubernetes
import Logging
import Provisioning
import ServiceLifecycle

/// The controller's work under one configuration. Each configuration gets a new one with a new identity, so that calls
/// still under way from the previous one are told apart, and never hold the lease.
struct ControllerWork {
    private let process: ControllerProcessParts
    private let configuration: ControllerConfiguration
    private let identity: String
    private let namespace: String

    init(_ configuration: ControllerConfiguration, _ process: ControllerProcessParts) {
        self.process = process
        self.configuration = configuration
        let podName = configuration.podName ?? ProcessInfo.processInfo.hostName
        identity = "\(podName)_\(UUID().uuidString.lowercased())"
        namespace = configuration.namespace ?? process.cluster.namespace ?? "default"
    }

    /// The services, in the order of their start.
    var services: [any Service] {
        let reports = ControllerReports(
            configuration,
            process.watch.cluster,
            identity: identity,
            logger: process.output.logger(.reports)
        )
        process.reports.show(reports)
        process.metrics.expect(configuration.hooks)
        return [reports, provisioning]
    }

    private var provisioning: ProvisioningService {
        let gate = WriteGate()
        let usage = UsageBoard(cluster: process.watch.cluster, settings: configuration.settings)
        process.metrics.provisioning.show(usage)
        return ProvisioningService(
            client: process.client,
            electionClient: process.electionClient,
            settings: configuration.settings,
            process: ProvisioningService.Process(
                identity: identity,
                namespace: namespace,
                electsLeader: configuration.electsLeader,
                width: configuration.workers
            ),
            watch: process.watch,
            gate: gate,
            hooks: HookRunner(
                configuration.hooks,
                client: process.client,
                namespace: namespace,
                mayWrite: { gate.isOpen },
                logger: process.output.logger(.backup)
            ),
            tasks: tasks(usage),
            metrics: process.metrics.provisioning,
            exports: process.exports,
            logger: process.output.logger(.provisioning)
        )
    }

    private func tasks(_ usage: UsageBoard) -> [any LeaderTask] {
        let logger = process.output.logger(.backup)
        var tasks: [any LeaderTask] = []
        if let retention = configuration.retention {
            let (cluster, settings) = (process.watch.cluster, configuration.settings)
            tasks.append(
                RetentionTask(
                    policy: retention,
                    protection: { ArchiveProtection(cluster, settings) },
                    metrics: process.metrics.retention,
                    logger: logger
                )
            )
        }
        if configuration.usage.isEnabled {
            tasks.append(
                UsageTask(
                    schedule: configuration.usage,
                    cluster: process.watch.cluster,
                    settings: configuration.settings,
                    board: usage,
                    events: EventRecorder(
                        client: process.client,
                        of: configuration.settings,
                        identity: identity,
                        logger: logger
                    ),
                    logger: logger
                )
            )
        }
        return tasks
    }
}
