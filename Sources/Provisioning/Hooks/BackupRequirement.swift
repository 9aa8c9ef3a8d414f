import Kubernetes

/// What a claim's owner, or its class, says about a backup of its data (annotation `nfs.smart-bear.eu/backup`, class
/// parameter `backup`).
package enum BackupRequirement: String, Codable, CaseIterable, Sendable {
    /// The data is never deleted or purged before a hook has backed it up.
    case required
    /// Hooks run, and what becomes of them is recorded.
    case optional
    /// No hook runs.
    case none
}

extension BackupRequirement {
    /// What counts at release: the wish that the volume carries, then what was recorded, then what the class says. A wish
    /// that cannot be read is the strongest: whoever wrote it wanted something.
    package init(of volume: PersistentVolume, recorded: BackupRequirement?, ofClass: BackupRequirement?) {
        if let wish = volume.metadata.annotations?[AnnotationKey.backup] {
            self = BackupRequirement(rawValue: wish) ?? .required
        } else {
            self = recorded ?? ofClass ?? .optional
        }
    }
}
