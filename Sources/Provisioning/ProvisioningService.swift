import ControllerKit
import Kubernetes
import Logging
import NFS
import ServiceLifecycle

/// The controller under one set of settings: it monitors the exports, and runs its reconcilers while this process
/// leads. The view of the cluster outlives it.
package final class ProvisioningService: Service {
    /// This process among its replicas.
    package struct Process: Sendable {
        /// A name that no other process ever has: `<pod>_<uuid>`.
        package var identity: String
        /// The namespace of the lease and the pod.
        package var namespace: String
        /// Whether replicas elect a leader (L1: one replica works at a time). Turn it off only if there is never a
        /// second process.
        package var electsLeader: Bool
        /// Claims processed at the same time, and as many volumes.
        package var width: Int

        package init(identity: String, namespace: String, electsLeader: Bool = true, width: Int = 16) {
            self.identity = identity
            self.namespace = namespace
            self.electsLeader = electsLeader
            self.width = width
        }
    }

    private let cluster: ClusterView
    private let watch: ClusterWatch
    private let client: KubernetesClient
    private let electionClient: KubernetesClient
    private let settings: ProvisionerSettings
    private let process: Process
    private let tasks: [any LeaderTask]
    private let logger: Logger
    private let gate: WriteGate
    private let shares: Shares
    private let events: EventRecorder
    private let metrics: ProvisioningMetrics
    private let exports: ExportHealth

    /// - Parameters:
    ///   - client: For everything but the election.
    ///   - electionClient: For the election alone: its renewals must not queue behind a burst of claims.
    ///   - settings: The admin's settings.
    ///   - process: This process among its replicas.
    ///   - watch: The view of the cluster; its owner runs it.
    ///   - gate: Open while this process leads.
    ///   - hooks: The admin's hooks for each lifecycle phase.
    ///   - tasks: Further tasks of the leader.
    ///   - metrics: Metrics that read from this service from now on.
    ///   - exports: Records which exports answer.
    ///   - logger: Parent of all loggers.
    package init(
        client: KubernetesClient,
        electionClient: KubernetesClient,
        settings: ProvisionerSettings,
        process: Process,
        watch: ClusterWatch,
        gate: WriteGate = WriteGate(),
        hooks: any VolumeHooks = NoHooks(),
        tasks: [any LeaderTask] = [],
        metrics: ProvisioningMetrics,
        exports: ExportHealth = ExportHealth(),
        logger: Logger
    ) {
        self.client = client
        self.electionClient = electionClient
        self.settings = settings
        self.process = process
        self.watch = watch
        let cluster = watch.cluster
        self.cluster = cluster
        self.gate = gate
        self.tasks =
            tasks + [
                ArchiveWatch(metrics: metrics.archives, logger: logger),
                AbandonedClaims(cluster: cluster, abandonment: Abandonment(client: client), logger: logger),
            ]
        self.metrics = metrics
        self.exports = exports
        self.logger = logger
        metrics.show(cluster, settings, watch.queues, gate)
        events = EventRecorder(client: client, of: settings, identity: process.identity, logger: logger)
        shares = Shares(
            writer: process.identity,
            cluster: { [cluster] in cluster.id.value },
            expectedIdentity: { [cluster] export in .remembered(cluster.exportIDs(of: export)) },
            hooks: ReportedHooks(hooks: hooks, cluster: cluster, events: events, metrics: metrics.hooks),
            onCatalogue: { [cluster] export, catalogue in
                metrics.archives.note(catalogue, of: export, cluster: cluster.id.value)
            },
            mayWrite: { [gate] in gate.isOpen },
            logger: logger
        )
    }

    /// Runs until graceful shutdown or cancellation; work in progress is then finished, within bounds.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await cancelWhenGracefulShutdown { await self.monitorExports() } }
            group.addTask { try await self.takePart() }
            try await group.waitForAll()
        }
        await shares.close()
    }

    /// Monitors the exports once the cluster is known: its classes name exports.
    private func monitorExports() async {
        do { try await watch.waitUntilKnown() } catch { return }
        await exportMonitor.run()
    }

    private func takePart() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await self.watch.waitUntilKnown() }
        } catch is CancellationError where Task.isShuttingDownGracefully {
            return
        }
        if Task.isShuttingDownGracefully { return }
        logger.info(
            "cluster known",
            metadata: ["claims": "\(cluster.claims.count)", "volumes": "\(cluster.volumes.count)"]
        )
        guard process.electsLeader else { return try await lead(under: nil) }
        let name = ProvisionerSettings.lockName(of: settings.provisionerName)
        let elector = LeaderElector(
            client: electionClient,
            lease: ObjectKey(namespace: process.namespace, name: name),
            identity: process.identity,
            logger: logger
        )
        try await elector.run { leadership in try await self.lead(under: leadership) }
    }

    private func lead(under leadership: Leadership?) async throws {
        do {
            let others = ForeignLocks(
                client: client,
                settings: settings,
                namespace: process.namespace,
                logger: logger
            )
            try await cancelWhenGracefulShutdown { try await others.waitUntilFree() }
        } catch is CancellationError where Task.isShuttingDownGracefully {
            return
        }
        gate.open(under: leadership)
        let current = watch.queues.open()
        defer {
            watch.queues.close()
            gate.close()
            metrics.archives.keep(only: [])
            if !Task.isShuttingDownGracefully { watch.bindings.forget() }
        }
        let classes = ClassReconciler(cluster: cluster, settings: settings, events: events, metrics: metrics)
        let claims = ClaimReconciler(
            cluster: cluster,
            settings: settings,
            shares: shares,
            client: client,
            events: events,
            metrics: metrics.claims,
            bindings: watch.bindings
        )
        let volumes = VolumeReconciler(
            cluster: cluster,
            settings: settings,
            shares: shares,
            client: client,
            events: events,
            metrics: metrics.reclaims
        )
        let controllers = [
            controller("class", current.classes, width: 1, classes.reconcile),
            controller("claim", current.claims, width: process.width, claims.reconcile),
            controller("volume", current.volumes, width: process.width, volumes.reconcile),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for controller in controllers { group.addTask { try await controller.run() } }
            for task in tasks { group.addTask { await self.perform(task) } }
            try await group.waitForAll()
        }
    }

    /// Cancels a task immediately on graceful shutdown: it gets none of the remaining time.
    private func perform(_ task: any LeaderTask) async {
        await cancelWhenGracefulShutdown { [shares, addresses] in await task.run(on: shares, addresses: addresses) }
    }

    /// The shares that are configured at the moment of the call.
    private var addresses: @Sendable () -> [ShareAddress] {
        { [cluster, settings] in ConfiguredShares(classes: cluster.classes.objects, settings: settings).shares }
    }

    private var exportMonitor: ExportMonitor {
        ExportMonitor(shares: shares, addresses: addresses, metrics: metrics.exports, health: exports, logger: logger)
    }

    private func controller(
        _ name: String,
        _ queue: WorkQueue<ObjectKey>,
        width: Int,
        _ reconcile: @escaping @Sendable (ObjectKey) async throws -> Outcome
    ) -> Controller<ObjectKey> {
        Controller(
            name: name,
            queue: queue,
            width: width,
            logger: logger,
            onTry: { [metrics] in metrics.worked(in: name, for: $0) },
            reconcile: reconcile
        )
    }
}

/// Work on the shares besides claims and volumes, done only by the process that leads.
package protocol LeaderTask: Sendable {
    /// Runs until it is cancelled, which happens when the lease is lost or the process shuts down.
    ///
    /// A task reports its own failures: they must not cost the process its lead.
    ///
    /// - Parameters:
    ///   - shares: The shares, which refuse every change once the lease is lost.
    ///   - addresses: The addresses of the shares that are configured at the moment of the call.
    func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async
}
