import ControllerKit
import Kubernetes
import Logging
import ServiceLifecycle

/// Keeps the view of the cluster in sync with the API server for as long as the process lives: neither a change of the
/// settings nor the loss of the lease ends it.
package final class ClusterWatch: Service {
    package let cluster = ClusterView()
    let queues: ProvisioningQueues
    let bindings: ClaimBindings
    private let client: KubernetesClient
    private let logger: Logger

    /// - Parameters:
    ///   - client: The client that watches.
    ///   - logger: Logs outages, and claims that are Bound.
    package init(client: KubernetesClient, logger: Logger) {
        self.client = client
        self.logger = logger
        queues = ProvisioningQueues(cluster: cluster)
        bindings = ClaimBindings(claims: cluster.claims, logger: logger)
    }

    /// Runs until graceful shutdown or cancellation.
    package func run() async throws {
        let reflectors: [any Service] = [
            Reflector(api: client.api(), store: cluster.classes, logger: logger, onChange: queues.classChanged),
            Reflector(api: client.api(), store: cluster.volumes, logger: logger) { [cluster, queues] change in
                queues.volumeChanged(change)
                if case .deleted(let volume) = change, let uid = volume.spec?.claimRef?.uid {
                    cluster.deletedClaims.forget(uid)
                }
            },
            Reflector(
                api: client.api(),
                store: cluster.claims,
                logger: logger,
                onChange: { [queues, bindings] change in
                    bindings.claimChanged(change)
                    queues.claimChanged(change)
                },
                beforeDeletion: cluster.deletedClaims.note
            ),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reflector in reflectors { group.addTask { try await reflector.run() } }
            group.addTask { await cancelWhenGracefulShutdown { await self.goOnLearningID() } }
            try await group.waitForAll()
        }
    }

    /// Waits until the cluster's objects are known and its identity has been asked for.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func waitUntilKnown() async throws {
        try await cluster.waitUntilSynced()
        if cluster.id.value == nil { await learnID() }
    }

    /// Learns the cluster's identity: records on the shares name their cluster, and archives are restored only into
    /// their own. Nothing else waits for it.
    private func learnID() async {
        do {
            let namespace = try await client.api(Namespace.self).get(ObjectKey(name: "kube-system"))
            cluster.id.learn(namespace.metadata.uid)
        } catch {
            guard !Task.isCancelled else { return }
            logger.warning("cannot read the cluster's identity; will retry", metadata: ["error": "\(error)"])
        }
    }

    private func goOnLearningID() async {
        while cluster.id.value == nil {
            do { try await Task.sleep(for: .seconds(30)) } catch { return }
            if cluster.isSynced, cluster.id.value == nil { await learnID() }
        }
    }
}
