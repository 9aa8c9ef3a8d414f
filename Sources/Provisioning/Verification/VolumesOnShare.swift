import Kubernetes

/// The cluster's volumes on one share.
package struct VolumesOnShare: Sendable {
    /// A volume of the cluster that lies on the share.
    package struct Volume: Sendable, Hashable {
        package var name: String
        package var path: VolumePath
        /// The directory's file id, as the volume remembers it.
        package var fileID: UInt64?
        /// Whether the controller manages it; else it was made by hand or by another provisioner.
        package var isOurs: Bool
    }

    /// The uid of the namespace `kube-system`; nil if it could not be read.
    package var id: String?
    /// The names of all volumes that the cluster had at any time during the comparison.
    package var names: Set<String>
    /// The volumes on the share that did not change meanwhile.
    package var volumes: [Volume]

    package init(id: String?, names: Set<String>, volumes: [Volume]) {
        self.id = id
        self.names = names
        self.volumes = volumes
    }

    /// - Parameters:
    ///   - id: The uid of the namespace `kube-system`, if it is known.
    ///   - before: The cluster's volumes before the share was read.
    ///   - after: The cluster's volumes after that. What came, went or was released in between is not judged.
    ///   - share: The share.
    ///   - exportID: The share's identity: a volume that remembers it lies on the share, whatever it calls the server.
    ///   - shares: All exports in use: of two nested ones, a volume is on one.
    ///   - settings: The settings that tell which volumes are ours.
    package init(
        id: String?,
        before: [PersistentVolume],
        after: [PersistentVolume],
        on share: ShareAddress,
        exportID: String,
        among shares: ConfiguredShares,
        settings: ProvisionerSettings
    ) {
        self.id = id
        names = Set((before + after).map(\.key.name))
        let known = Dictionary(before.map { ($0.key.name, $0) }) { first, _ in first }
        volumes = after.compactMap { volume in
            guard let earlier = known[volume.key.name], earlier.metadata.uid == volume.metadata.uid,
                earlier.status?.phase == volume.status?.phase,
                let components = Self.components(of: volume, on: share, exportID: exportID, among: shares),
                let path = try? VolumePath(components: components)
            else { return nil }
            return Volume(
                name: volume.key.name,
                path: path,
                fileID: volume.metadata.annotations?[AnnotationKey.fileID].flatMap(UInt64.init),
                isOurs: volume.isProvisioned(under: settings)
            )
        }
    }

    private static func components(
        of volume: PersistentVolume,
        on share: ShareAddress,
        exportID: String,
        among shares: ConfiguredShares
    ) -> [String]? {
        guard let source = volume.spec?.nfs else { return nil }
        let annotated = volume.annotatedExport
        if volume.metadata.annotations?[AnnotationKey.exportID] == exportID {
            return annotated?.relativeComponents(of: source.path)
        }
        guard let found = shares.share(of: source, annotated: annotated?.path), found.share.export == share.export
        else {
            return nil
        }
        return found.components
    }
}
