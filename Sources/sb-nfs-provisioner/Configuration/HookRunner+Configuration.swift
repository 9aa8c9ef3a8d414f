import Backup
import Foundation
import Kubernetes

extension HookRunner {
    /// Runs the configured hooks as this process can.
    ///
    /// - Parameters:
    ///   - hooks: In their order.
    ///   - client: Makes Jobs; nil where no hook that is run is one.
    ///   - namespace: Where Jobs are made.
    init(_ hooks: [Hook], client: KubernetesClient?, namespace: String) {
        self.init(
            hooks: hooks,
            actions: HookActions(
                exec: ExecAction(environment: ProcessInfo.processInfo.environment),
                http: HTTPAction(),
                job: client.map { JobAction(client: $0, namespace: namespace) }
            )
        )
    }
}
