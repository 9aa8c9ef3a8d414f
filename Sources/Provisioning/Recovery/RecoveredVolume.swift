import Kubernetes
import NFS

/// Volume of a lost cluster, made again from its record: the same names, bound to the same claim, and with the policy
/// Retain, so that nothing that goes wrong on the way can cost its data.
package struct RecoveredVolume: Sendable, Hashable {
    package let volume: PersistentVolume
    package let claim: PersistentVolumeClaim

    /// - Returns: nil if the record lacks the claim or the size.
    init?(_ record: VolumeRecord, on export: ExportPath, exportID: String) {
        guard let owner = record.claim, let capacity = record.capacity.map(Quantity.init(rawValue:)) else { return nil }
        let requests = record.notes?.requests ?? [:]
        var annotations = [AnnotationKey.share: export.path, AnnotationKey.exportID: exportID]
        annotations.merge(requests) { $1 }
        annotations[AnnotationKey.provisionedBy] = record.provisioner
        annotations[AnnotationKey.fileID] = record.directory.map { String($0.fileID) }
        annotations[AnnotationKey.adopted] = record.origin == .adopted ? "true" : nil
        let path = ExportPath(server: export.server, path: "\(export.path)/\(record.path)")?.path ?? export.path
        volume = PersistentVolume(
            metadata: ObjectMeta(name: record.volume, annotations: annotations),
            spec: PersistentVolume.Spec(
                capacity: ["storage": capacity],
                accessModes: record.accessModes,
                nfs: PersistentVolume.NFSSource(server: export.server, path: path),
                // Without a uid: the claim of that name is a new one.
                claimRef: ObjectReference(
                    apiVersion: "v1",
                    kind: "PersistentVolumeClaim",
                    namespace: owner.namespace,
                    name: owner.name
                ),
                persistentVolumeReclaimPolicy: .retain,
                storageClassName: record.storageClass,
                mountOptions: record.mountOptions,
                volumeMode: .filesystem
            )
        )
        claim = PersistentVolumeClaim(
            metadata: ObjectMeta(
                name: owner.name,
                namespace: owner.namespace,
                // Hooks select by them. Annotations of other programs stay behind: they tell one object from another.
                labels: record.notes?.labels,
                annotations: requests
            ),
            spec: PersistentVolumeClaim.Spec(
                accessModes: record.accessModes,
                resources: PersistentVolumeClaim.Resources(requests: ["storage": capacity]),
                storageClassName: record.storageClass,
                volumeName: record.volume
            )
        )
    }
}
