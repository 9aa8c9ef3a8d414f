/// Reasons of events, as the library of external provisioners has them, and our own.
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
