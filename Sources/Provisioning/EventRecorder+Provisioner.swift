import Kubernetes
import Logging

extension EventRecorder {
    /// Makes the recorder of a provisioner's events (N5: the source names provisioner and pod).
    ///
    /// - Parameters:
    ///   - client: The client that writes the events.
    ///   - settings: The provisioner's settings.
    ///   - identity: The identity of this process.
    ///   - logger: Logs the events that cannot be written.
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

/// Event reasons: those of the library of external provisioners, and our own.
package enum EventReason {
    package static let provisioning = "Provisioning"
    package static let provisioningSucceeded = "ProvisioningSucceeded"
    package static let provisioningFailed = "ProvisioningFailed"
    package static let restoring = "Restoring"
    package static let hookSucceeded = "HookSucceeded"
    package static let hookFailed = "HookFailed"
    package static let backupMissing = "BackupMissing"
    package static let volumeFailedDelete = "VolumeFailedDelete"
    package static let volumeArchived = "VolumeArchived"
    package static let volumeDeleted = "VolumeDeleted"
    package static let volumeRetained = "VolumeRetained"
    package static let volumeResizeSuccessful = "VolumeResizeSuccessful"
    package static let volumeResizeFailed = "VolumeResizeFailed"
    package static let volumeAboveRequest = "VolumeAboveRequest"
    package static let parametersNotUnderstood = "ParametersNotUnderstood"
    package static let configurationRefused = "ConfigurationRefused"
}
