import Backup
import Foundation
import Kubernetes
import Logging

extension HookRunner {
    /// Runs the configured hooks as this process can.
    ///
    /// - Parameters:
    ///   - hooks: In their order.
    ///   - client: Makes Jobs; nil where no hook that is run is one.
    ///   - namespace: Where Jobs are made.
    ///   - mayWrite: Asked before each change of a copy's destination.
    ///   - logger: For what goes wrong and is mended.
    init(
        _ hooks: [Hook],
        client: KubernetesClient?,
        namespace: String,
        mayWrite: @escaping @Sendable () -> Bool,
        logger: Logger
    ) {
        self.init(
            hooks: hooks,
            actions: HookActions(
                exec: ExecAction(
                    environment: ProcessInfo.processInfo.environment,
                    launcher: Bundle.main.executablePath ?? CommandLine.arguments[0]
                ),
                http: HTTPAction(),
                job: client.map { JobAction(client: $0, namespace: namespace) },
                copy: CopyAction(mayWrite: mayWrite, logger: logger)
            )
        )
    }
}
