import ControllerKit
import Kubernetes

/// What in a cluster protects archives from being purged: claims that ask for them, volumes on their directories, and
/// classes that require a backup.
package struct ArchiveProtection: Sendable {
    /// By archive, a claim that asks for it and is not bound: also one that waits for a copy, or for its first consumer.
    private var claims: [String: ObjectKey] = [:]
    /// By the place of a volume, and by each place above it, one volume there.
    private var volumes: [VolumePathIndex.Place: String] = [:]
    /// By the name of a class.
    private var requirements: [String: BackupRequirement] = [:]

    /// That of no cluster.
    package static let none = ArchiveProtection(claims: [], volumes: [], classes: [], settings: ProvisionerSettings())

    /// - Parameters:
    ///   - claims: All of the cluster.
    ///   - volumes: All of the cluster.
    ///   - classes: All of the cluster; those of other provisioners say nothing.
    ///   - settings: Which provisioners are ours.
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

    /// What is known of the cluster now.
    package init(_ cluster: ClusterView, _ settings: ProvisionerSettings) {
        self.init(
            claims: cluster.claims.objects,
            volumes: cluster.volumes.objects,
            classes: cluster.classes.objects,
            settings: settings
        )
    }

    /// A server may go by several names, and an archive's path is like no other: whichever server a volume names, it counts.
    private static let anyServer = ""

    /// What in the cluster uses an archive or waits for it.
    ///
    /// - Parameters:
    ///   - archive: The archive.
    ///   - export: Where it lies.
    /// - Returns: A sentence; nil if nothing does.
    package func use(of archive: ArchiveRecord, on export: ExportPath) -> String? {
        if let volume = volume(on: archive, of: export) { return "volume \(volume) lies on it" }
        return claims[archive.id].map { "claim \($0) asks for it" }
    }

    /// A volume of the cluster on an archive's directory or within it, whatever its phase.
    package func volume(on archive: ArchiveRecord, of export: ExportPath) -> String? {
        let path = export.path == "/" ? "/\(archive.to)" : "\(export.path)/\(archive.to)"
        return VolumePathIndex.Place(realm: Self.anyServer, path: path).flatMap { volumes[$0] }
    }

    /// Why an archive has to be kept until it has a backup, the stricter of its record and its class as it is now; nil: it
    /// has one, or needs none.
    package func missingBackup(of archive: ArchiveRecord) -> String? {
        guard archive.backupStatus != .done else { return nil }
        if archive.backup == .required { return "it needs a backup and has none" }
        guard let name = archive.storageClass, requirements[name] == .required else { return nil }
        return "its class \(name) requires a backup and it has none"
    }
}
