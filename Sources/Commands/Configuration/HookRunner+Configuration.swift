import Backup
import Foundation
import Kubernetes
import Logging

extension HookRunner {
    /// Creates the runner of the configured hooks in this process.
    ///
    /// - Parameters:
    ///   - hooks: The hooks, in order.
    ///   - client: Creates Jobs; nil if no Job hook will run.
    ///   - namespace: The namespace of the Jobs.
    ///   - mayWrite: Whether changes are allowed; called before each change of a copy's destination.
    ///   - logger: Logs errors that an export recovers from.
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
