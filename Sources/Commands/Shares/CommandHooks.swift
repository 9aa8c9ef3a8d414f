import Backup
import Foundation
import Kubernetes
import Logging
import Provisioning

/// The configured hooks, for a command that may purge.
struct CommandHooks {
    let runner: any VolumeHooks
    private let client: KubernetesClient?

    /// - Throws: ``ConfigurationError`` if a hook before a purge is a Job and no cluster is configured, so that it
    ///   could only fail. `KubernetesError` if the cluster's configuration cannot be used.
    init(_ hooks: [Hook], _ configuration: ControllerConfiguration) throws {
        guard !hooks.isEmpty else {
            (runner, client) = (NoHooks(), nil)
            return
        }
        let cluster = try ClusterConfiguration.loadIfPresent(
            kubeconfig: configuration.kubeconfig,
            environment: ProcessInfo.processInfo.environment
        )
        client = cluster.map(KubernetesClient.forCommand)
        if client == nil, let hook = hooks.first(where: { $0.phase == .beforePurge && $0.action.kind == .job }) {
            throw ConfigurationError("hook \(hook.name): it is a Job, but no cluster is configured; give --kubeconfig")
        }
        runner = HookRunner(
            hooks,
            client: client,
            namespace: configuration.namespace ?? cluster?.namespace ?? "default",
            // An admin runs the command, so there is no lease to lose.
            mayWrite: { true },
            logger: Logger(label: "sb-nfs-provisioner") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    func close() async {
        try? await client?.shutdown()
    }
}
