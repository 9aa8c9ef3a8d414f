import Kubernetes
import Logging
import Provisioning
import ServiceLifecycle
import UnixSignals

/// One run of `controller`: the parts that live as long as the process, and those that follow the configuration.
struct ControllerRun {
    private let parts: ControllerProcessParts
    private let configuration: ControllerConfiguration
    private let source: ConfigurationSource
    /// The configuration file's text at the start.
    private let text: String?
    private let logger: Logger
    private let feed = ConfigurationFeed()

    /// - Parameters:
    ///   - configuration: The configuration at the start.
    ///   - source: The sources that it was made from.
    ///   - text: The configuration file's text; nil if there is no file.
    ///   - cluster: The cluster to work in.
    init(
        _ configuration: ControllerConfiguration,
        source: ConfigurationSource,
        text: String?,
        cluster: ClusterConfiguration
    ) {
        self.configuration = configuration
        self.source = source
        self.text = text
        let output = LogOutput(configuration.log)
        parts = ControllerProcessParts(cluster, output)
        logger = output.logger(.controller)
    }

    /// Runs until told to stop.
    func run() async throws {
        logger.info(
            "starting",
            metadata: [
                "version": "\(Version.current)",
                "provisioner": "\(configuration.settings.provisionerName)",
                "export": "\(configuration.settings.export.map { "\($0)" } ?? "only those of classes")",
                "api": "\(parts.cluster.server)",
            ]
        )
        // Services shut down in reverse: configuration changes, then the work, then the probes, then the work's
        // connections.
        var services: [any Service] = [parts.client, parts.electionClient, reportPage, health, parts.watch, work]
        if let watch { services.append(watch) }
        let group = ServiceGroup(of: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        // For what logs with `Logger.current` outside of a reconciler, such as the hooks of retention.
        try await withLogger(logger) { _ in try await group.run() }
        logger.info("stopped")
    }

    private var work: some Service {
        ReconfiguredService(from: configuration, updates: feed.updates(), part: \.work, logger: logger) { [parts] in
            ControllerWork($0, parts).services
        }
    }

    private var reportPage: some Service {
        let logger = parts.output.logger(.reports)
        return ReconfiguredService(
            from: configuration,
            updates: feed.updates(),
            part: \.reports,
            logger: logger
        ) { [parts] configuration in
            guard let settings = configuration.reports else { return [] }
            let client = parts.newClient()
            let reports = parts.reports
            return [client, try ReportServer(settings, client: client, logger: logger) { try await reports.read() }]
        }
    }

    private var health: some Service {
        HealthServer(
            address: configuration.http,
            cluster: parts.watch.cluster,
            exports: parts.exports,
            registry: parts.metrics.registry,
            logger: logger
        )
    }

    private var watch: ConfigurationWatch? {
        guard let path = source.path, let text else { return nil }
        return ConfigurationWatch(
            start: configuration,
            text: text,
            source: source,
            path: path,
            judge: ReloadValidator(),
            metrics: parts.metrics.configuration,
            notice: RejectionEvent(client: parts.client, namespace: parts.cluster.namespace, logger: logger),
            logger: logger
        ) { [parts, feed] configuration in
            parts.output.apply(configuration.log)
            feed.publish(configuration)
        }
    }
}
