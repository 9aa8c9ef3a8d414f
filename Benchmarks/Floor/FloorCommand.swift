import ArgumentParser
import ControllerKit
import Foundation
import Kubernetes
import Logging
import Provisioning

/// Serves claims and volumes with the controller's own client, stores, queues and verdicts and the same requests to the
/// API server, and does nothing on any share: what is left when storage costs nothing.
struct FloorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "floor",
        abstract:
            "Answer claims with volumes that have no directory, as a measure; takes the controller's environment.",
        shouldDisplay: false
    )
    static let readyLine = "the floor is ready"
    /// The controller's default.
    private static let width = 16

    func run() async throws {
        // Ignored by the shell that starts it, and so by it.
        signal(SIGTERM, SIG_DFL)
        let environment = ProcessInfo.processInfo.environment
        var settings = ProvisionerSettings()
        settings.provisionerName = environment["PROVISIONER_NAME"] ?? settings.provisionerName
        settings.export = ExportPath(server: environment["NFS_SERVER"] ?? "", path: environment["NFS_PATH"] ?? "")
        let client = KubernetesClient(
            configuration: try ClusterConfiguration.load(kubeconfig: nil, environment: environment),
            logger: Bench.silent
        )
        let reconciler = FloorReconciler(cluster: ClusterView(), settings: settings, client: client)
        try await Self.serve(reconciler, client)
    }

    private static func serve(_ reconciler: FloorReconciler, _ client: KubernetesClient) async throws {
        let (cluster, logger) = (reconciler.cluster, Bench.silent)
        let (claims, volumes) = (WorkQueue<ObjectKey>(), WorkQueue<ObjectKey>())
        let claimReflector = Reflector(api: client.api(), store: cluster.claims, logger: logger) {
            claims.add($0.object.key)
        }
        let volumeReflector = Reflector(api: client.api(), store: cluster.volumes, logger: logger) {
            volumes.add($0.object.key)
        }
        let classReflector = Reflector(api: client.api(), store: cluster.classes, logger: logger)
        let controllers = [
            Controller(name: "claim", queue: claims, width: width, logger: logger, reconcile: reconciler.provision),
            Controller(name: "volume", queue: volumes, width: width, logger: logger, reconcile: reconciler.reclaim),
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await claimReflector.run() }
            group.addTask { await volumeReflector.run() }
            group.addTask { await classReflector.run() }
            try await cluster.waitUntilSynced()
            FileHandle.standardError.write(Data((readyLine + "\n").utf8))
            for controller in controllers { group.addTask { try await controller.run() } }
            try await group.waitForAll()
        }
    }
}
