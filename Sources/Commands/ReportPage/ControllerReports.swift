import Backup
import ControllerKit
import Kubernetes
import Logging
import Provisioning
import Reports
import ServiceLifecycle

/// Reads what the page's reports are made of: the cluster as the controller knows it, and the shares through separate
/// connections, so that no claim waits for a viewer.
struct ControllerReports: Service {
    /// How far back the page shows the audit log.
    private static let auditedSeconds: Int64 = 90 * 86_400

    private let configuration: ControllerConfiguration
    private let cluster: ClusterView
    private let shares: Shares

    /// - Parameters:
    ///   - configuration: The configuration in effect.
    ///   - cluster: The controller's view of the cluster.
    ///   - identity: The name of this process.
    ///   - logger: Logs what happens to the shares' connections.
    init(_ configuration: ControllerConfiguration, _ cluster: ClusterView, identity: String, logger: Logger) {
        self.configuration = configuration
        self.cluster = cluster
        shares = Shares(
            writer: identity,
            cluster: { cluster.id.value },
            expectedIdentity: { _ in .marked },
            mayWrite: { false },
            logger: logger
        )
    }

    func read() async -> ReportReading {
        let (now, settings) = (Timestamp.now, configuration.settings)
        let (classes, volumes) = (cluster.classes.objects, cluster.volumes.objects)
        let expected = ConfiguredShares(classes: [], settings: settings, volumes: volumes).shares.map(\.export)
        let readings = await ShareReading.all(
            of: ConfiguredShares(classes: classes, settings: settings, volumes: volumes).shares.map { shares[$0] },
            [
                .records, .usage, .room,
                .audit(since: Timestamp(seconds: now.seconds - Self.auditedSeconds), until: nil),
            ],
            isExpected: { expected.contains($0.address.export) }
        )
        let sources = ReportSources(
            shares: readings,
            cluster: cluster.isSynced
                ? .read(ClusterSnapshot(id: cluster.id.value, volumes: volumes, classes: classes))
                : .failed(reason: "its volumes and classes are not known yet"),
            settings: settings,
            retention: configuration.retention,
            hasHooks: { [hooks = configuration.hooks] event in hooks.contains { $0.isFor(event) } },
            now: now
        )
        return ReportReading { filter, isOwnOnly in
            let sources = isOwnOnly ? sources.ofThisCluster : sources
            return ReportSet(
                backups: BackupReport(of: sources, filter: filter),
                usage: UsageReport(of: sources, filter: filter),
                audit: AuditReport(of: sources, filter: filter)
            )
        }
    }

    /// Keeps the connections until graceful shutdown or cancellation.
    func run() async throws {
        try? await gracefulShutdown()
        await shares.close()
    }
}
