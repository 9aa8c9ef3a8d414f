import Kubernetes
import NFS

/// Every export that volumes of ours may lie on: the controller's own, those of our classes, and those that the admin
/// names besides (rule R3).
package struct ConfiguredShares: Sendable {
    package let shares: [ShareAddress]

    package init(classes: [StorageClass], settings: ProvisionerSettings) {
        var shares: [ShareAddress] = []
        func add(_ export: ExportPath, _ mountOptions: [String]) {
            guard !shares.contains(where: { $0.export == export }),
                let options = try? ConnectionOptions.parse(mountOptions)
            else { return }
            shares.append(ShareAddress(export: export, options: options))
        }
        if let export = settings.export { add(export, settings.mountOptions) }
        for storageClass in classes.sorted(by: { $0.key.name < $1.key.name })
        where settings.knows(storageClass.provisioner) {
            guard let export = try? ClassParameters(storageClass.parameters ?? [:]).export else { continue }
            add(export, storageClass.mountOptions ?? [])
        }
        for export in settings.additionalExports { add(export, settings.mountOptions) }
        self.shares = shares
    }

    /// Finds the export that a volume lies on.
    ///
    /// - Parameters:
    ///   - source: The volume's `spec.nfs`.
    ///   - path: The export's path as the volume's own annotation gives it. It decides between exports of which one
    ///     lies within another; without it the innermost is taken.
    /// - Returns: The export, and the components of the volume's path below its root; nil if it is on none.
    package func share(
        of source: PersistentVolume.NFSSource,
        annotated path: String?
    ) -> (share: ShareAddress, components: [String])? {
        let candidates = shares.compactMap { share -> (share: ShareAddress, components: [String])? in
            guard share.export.server == source.server,
                let components = share.export.relativeComponents(of: source.path)
            else { return nil }
            return (share, components)
        }
        return candidates.first { $0.share.export.path == path }
            ?? candidates.min { $0.components.count < $1.components.count }
    }
}
