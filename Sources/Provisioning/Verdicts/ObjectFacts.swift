import Kubernetes

extension PersistentVolumeClaim {
    /// The class's name (N4: the beta annotation goes first).
    package var className: String? {
        metadata.annotations?[AnnotationKey.betaStorageClass] ?? spec?.storageClassName
    }

    /// The provisioner that the cluster chose for this claim (C2: the claim must name ours).
    package var storageProvisioner: String? {
        metadata.annotations?[AnnotationKey.storageProvisioner]
            ?? metadata.annotations?[AnnotationKey.betaStorageProvisioner]
    }

    /// The name of the volume made for this claim (N3: `pvc-` and the claim's uid); nil before the claim has a uid.
    package var volumeName: String? { metadata.uid.map { "pvc-\($0)" } }
}

extension Sequence<StorageClass> {
    /// The class of a name if it belongs to this provisioner. A class of that name that belongs to another one decides
    /// nothing about our volumes.
    package func named(_ name: String?, of settings: ProvisionerSettings) -> StorageClass? {
        first { $0.metadata.name == name && settings.knows($0.provisioner) }
    }
}

extension PersistentVolume {
    /// The class's name (N4: the beta annotation goes first).
    package var className: String? {
        metadata.annotations?[AnnotationKey.betaStorageClass] ?? spec?.storageClassName
    }

    /// The export that the volume was made on, by its own annotation; nil where another provisioner made it.
    package var annotatedExport: ExportPath? {
        guard let server = spec?.nfs?.server, let path = metadata.annotations?[AnnotationKey.share] else { return nil }
        return ExportPath(server: server, path: path)
    }

    package var hasProvisionerFinalizer: Bool { metadata.finalizers?.contains(FinalizerName.provisioner) ?? false }

    /// Whether one of our names made this volume, or it was migrated to one (R1: only our released volumes).
    package func isProvisioned(under settings: ProvisionerSettings) -> Bool {
        [AnnotationKey.provisionedBy, AnnotationKey.migratedTo].contains { key in
            metadata.annotations?[key].map(settings.knows) ?? false
        }
    }
}
