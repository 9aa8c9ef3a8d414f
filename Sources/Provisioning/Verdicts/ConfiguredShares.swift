import Kubernetes
import NFS

/// Every export that volumes of ours may lie on: the controller's own, those of our classes, and those that the admin
/// names besides (R12: only volumes on configured exports).
package struct ConfiguredShares: Sendable {
    package let shares: [ShareAddress]

    /// - Parameters:
    ///   - classes: The cluster's classes.
    ///   - settings: The provisioner's settings.
    ///   - volumes: The cluster's volumes, if the exports that ours lie on count even when no class or setting names
    ///     them any more.
    package init(classes: [StorageClass], settings: ProvisionerSettings, volumes: [PersistentVolume] = []) {
        var shares: [ShareAddress] = []
        func add(_ export: ExportPath, _ options: ConnectionOptions?) {
            guard let options, !shares.contains(where: { $0.export == export }) else { return }
            shares.append(ShareAddress(export: export, options: options))
        }
        let own = try? ConnectionOptions.parse(settings.mountOptions)
        if let export = settings.export { add(export, own) }
        for storageClass in classes.sorted(by: { $0.key.name < $1.key.name })
        where settings.knows(storageClass.provisioner) {
            guard let export = try? ClassParameters(storageClass.parameters ?? [:]).export else { continue }
            add(export, ConnectionOptions(ofMount: storageClass.mountOptions ?? []))
        }
        for export in settings.additionalExports { add(export, own) }
        for volume in volumes where volume.isProvisioned(under: settings) {
            guard let export = volume.annotatedExport else { continue }
            // P6: ports and times of the class, which are on the volume.
            add(export, ConnectionOptions(ofMount: volume.spec?.mountOptions ?? []))
        }
        self.shares = shares
    }

    /// Finds the export that a volume lies on.
    ///
    /// - Parameters:
    ///   - source: The volume's `spec.nfs`.
    ///   - path: The export's path as the volume's own annotation gives it. It decides between nested exports; without
    ///     it the innermost is taken.
    /// - Returns: The export, and the components of the volume's path below its root; nil if it is on none.
    package func share(
        of source: PersistentVolume.NFSSource,
        annotated path: String?
    ) -> (share: ShareAddress, components: [String])? {
        let candidates = shares.compactMap { share -> (share: ShareAddress, components: [String])? in
            guard share.export.isOn(server: source.server),
                let components = share.export.relativeComponents(of: source.path)
            else { return nil }
            return (share, components)
        }
        return candidates.first { $0.share.export.path == path }
            ?? candidates.min { $0.components.count < $1.components.count }
    }

    /// An export that is the directory of a volume about to be made, or lies within it. Exports of classes that cannot
    /// serve claims, because another parameter is unreadable, count too.
    static func export(
        within plan: ProvisioningPlan,
        classes: [StorageClass],
        settings: ProvisionerSettings
    ) -> ExportPath? {
        let own = plan.share.export
        guard let directory = ExportPath(server: own.server, path: own.absolute(plan.path)) else { return nil }
        let exports =
            [settings.export].compactMap { $0 } + settings.additionalExports
            + classes.sorted { $0.key.name < $1.key.name }.filter { settings.knows($0.provisioner) }
            .compactMap { try? ClassParameters.export(of: $0.parameters ?? [:]) }
        return exports.first {
            own.isOn(server: $0.server) && directory.relativeComponents(of: $0.path) != nil
        }
    }
}
