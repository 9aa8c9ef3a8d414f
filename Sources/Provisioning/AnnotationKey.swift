/// Names on API objects that other programs read or that this controller reads again.
package enum AnnotationKey {
    package static let storageProvisioner = "volume.kubernetes.io/storage-provisioner"
    package static let betaStorageProvisioner = "volume.beta.kubernetes.io/storage-provisioner"
    package static let betaStorageClass = "volume.beta.kubernetes.io/storage-class"
    package static let selectedNode = "volume.kubernetes.io/selected-node"
    package static let provisionedBy = "pv.kubernetes.io/provisioned-by"
    package static let migratedTo = "pv.kubernetes.io/migrated-to"

    /// The path of the export that a volume lies on; the rest of `spec.nfs.path` is the path below its root.
    package static let share = "nfs.smart-bear.eu/share"
    /// The identity that the export had when the volume was made (S7: no other share is used).
    package static let exportID = "nfs.smart-bear.eu/export-id"
    /// The directory's NFS file id when the volume was made (R11: no other directory is touched).
    package static let fileID = "nfs.smart-bear.eu/file-id"
    /// `true` on a volume whose directory was there before it (S8: an adopted directory is never deleted).
    package static let adopted = "nfs.smart-bear.eu/adopted"
    /// On a claim: a ``BackupRequirement``.
    package static let backup = "nfs.smart-bear.eu/backup"
    /// On a volume: the phase whose hooks run once its claim is bound.
    package static let pendingHooks = "nfs.smart-bear.eu/pending-hooks"
    /// On a claim: the id of the archive that its data comes from.
    package static let restoreFrom = "nfs.smart-bear.eu/restore-from"
    /// On a claim: `move` (the default) or `copy`.
    package static let restoreMode = "nfs.smart-bear.eu/restore-mode"
}

/// Finalizers that this controller adds and removes.
package enum FinalizerName {
    /// KEP-2644: keeps the volume object until its storage has been dealt with.
    package static let provisioner = "external-provisioner.volume.kubernetes.io/finalizer"
}
