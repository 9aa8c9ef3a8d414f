import Kubernetes
import Logging

extension EventRecorder {
    /// Makes the recorder of a provisioner's events (N5: the source names provisioner and pod).
    ///
    /// - Parameters:
    ///   - client: To write them with.
    ///   - settings: The provisioner.
    ///   - identity: The process.
    ///   - logger: Told of those that cannot be written.
    package convenience init(
        client: KubernetesClient,
        of settings: ProvisionerSettings,
        identity: String,
        logger: Logger
    ) {
        self.init(
            client: client,
            component: "\(settings.provisionerName)_\(identity)",
            instance: identity,
            logger: logger
        )
    }
}
