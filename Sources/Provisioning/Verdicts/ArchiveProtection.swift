import ControllerKit
import Kubernetes

/// Objects in a cluster that protect archives from being purged: claims that request them, volumes on their
/// directories, and classes that require a backup.
package struct ArchiveProtection: Sendable {
    /// By archive, an unbound claim that requests it: also one that waits for a copy, or for its first consumer.
    private var claims: [String: ObjectKey] = [:]
    /// By the place of a volume, and by each place above it, one volume there.
    private var volumes: [VolumePathIndex.Place: String] = [:]
    /// By the name of a class.
    private var requirements: [String: BackupRequirement] = [:]

    /// The protection without a cluster.
    package static let none = ArchiveProtection(claims: [], volumes: [], classes: [], settings: ProvisionerSettings())

    /// - Parameters:
    ///   - claims: All claims of the cluster.
    ///   - volumes: All volumes of the cluster.
    ///   - classes: All classes of the cluster; those of other provisioners do not count.
    ///   - settings: The settings that tell which provisioners are ours.
    package init(
        claims: [PersistentVolumeClaim],
        volumes: [PersistentVolume],
        classes: [StorageClass],
        settings: ProvisionerSettings
    ) {
        for claim in claims where claim.status?.phase != .bound {
            guard let archive = claim.metadata.annotations?[AnnotationKey.restoreFrom] else { continue }
            self.claims[archive] = [self.claims[archive], claim.key].compactMap { $0 }.min { "\($0)" < "\($1)" }
        }
        for volume in volumes {
            guard let path = volume.spec?.nfs?.path,
                let place = VolumePathIndex.Place(realm: Self.anyServer, path: path)
            else { continue }
            let name = volume.key.name
            for place in [place] + place.ancestors { self.volumes[place] = min(self.volumes[place] ?? name, name) }
        }
        for storageClass in classes where settings.knows(storageClass.provisioner) {
            requirements[storageClass.key.name] = storageClass.backupRequirement
        }
    }

    /// The protection by the cluster as it is known now.
    package init(_ cluster: ClusterView, _ settings: ProvisionerSettings) {
        self.init(
            claims: cluster.claims.objects,
            volumes: cluster.volumes.objects,
            classes: cluster.classes.objects,
            settings: settings
        )
    }

    /// A server may have several names, and an archive's path is unique, so a volume counts whichever server it names.
    private static let anyServer = ""

    /// Names what in the cluster uses an archive or waits for it.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - export: The export that it lies on.
    /// - Returns: A sentence; nil if nothing does.
    package func use(of archive: ArchiveRecord, on export: ExportPath) -> String? {
        if let volume = volume(on: archive, of: export) { return "volume \(volume) uses it" }
        return claims[archive.id].map { "claim \($0) requests it" }
    }

    /// A volume of the cluster on an archive's directory or within it, whatever its phase.
    package func volume(on archive: ArchiveRecord, of export: ExportPath) -> String? {
        let path = export.path == "/" ? "/\(archive.to)" : "\(export.path)/\(archive.to)"
        return VolumePathIndex.Place(realm: Self.anyServer, path: path).flatMap { volumes[$0] }
    }

    /// Why an archive must be kept until it has a backup, by the stricter of its record and its class as it is now; nil
    /// if it has one, or needs none.
    package func missingBackup(of archive: ArchiveRecord) -> String? {
        guard archive.backupStatus != .done else { return nil }
        if archive.backup == .required { return "it needs a backup and has none" }
        guard let name = archive.storageClass, requirements[name] == .required else { return nil }
        return "its class \(name) requires a backup and it has none"
    }
}
