import Kubernetes
import NFS

/// Plan of everything that one claim needs, made before anything is touched.
package struct ProvisioningPlan: Sendable, Hashable {
    /// The claim as it was when the plan was made.
    package let claim: ObjectReference
    package let notes: ClaimNotes
    package let className: String
    package let share: ShareAddress
    package let path: VolumePath
    /// Whether the class chose the path (S8: only then may an existing directory be adopted).
    package let pathIsChosen: Bool
    package let mode: UInt32?
    package let uid: UInt32?
    package let gid: UInt32?
    /// The class's release action, kept in the volume's record (P5: the record decides without a class).
    package let releaseAction: ReleaseAction
    /// The backup that the data needs before it may be removed: the stricter of claim and class; nil if neither says
    /// anything, so that a later statement counts.
    package let backup: BackupRequirement?
    /// The archive that the directory is restored from; nil for an empty directory.
    package let restore: RestoreRequest?
    /// Whether the archive may be another namespace's.
    package let restoresAcrossNamespaces: Bool
    /// The nodes that can reach the export, as far as the class allows them (C8: topologies are honoured); nil means
    /// all nodes.
    package let topology: Topology?
    /// The node that the scheduler chose for the claim's pod.
    package let selectedNode: String?
    /// The volume to create, without what is known only once the directory exists.
    package let volume: PersistentVolume

    package var volumeName: String { volume.metadata.name ?? "" }
    package var claimKey: ObjectKey { ObjectKey(namespace: claim.namespace, name: claim.name ?? "") }
}

extension ProvisioningPlan {
    /// - Throws: ``PlanError`` when the class or the path cannot be used.
    init(
        for claim: PersistentVolumeClaim,
        storageClass: StorageClass,
        settings: ProvisionerSettings
    ) throws(PlanError) {
        guard let volumeName = claim.volumeName else { throw PlanError(reason: "the claim has no uid") }
        let parameters = try Self.orPlanError { () throws(ParameterError) in
            try ClassParameters(storageClass.parameters ?? [:])
        }
        let share = try Self.share(of: parameters, storageClass, settings)
        let path = try Self.path(for: claim, volumeName: volumeName, parameters, settings)

        self.claim = claim.reference
        notes = ClaimNotes(claim.metadata)
        className = storageClass.metadata.name ?? ""
        self.share = share
        self.path = path
        pathIsChosen = parameters.pathTemplate != nil
        mode = parameters.mode
        uid = parameters.uid
        gid = parameters.gid
        releaseAction = parameters.releaseAction
        backup = BackupRequirement.strictest([try Self.backup(for: claim), parameters.backup])
        restore = try RestoreRequest(claim)
        restoresAcrossNamespaces = settings.restoresAcrossNamespaces
        topology = try Self.topology(of: share.export, storageClass, settings)
        selectedNode = claim.metadata.annotations?[AnnotationKey.selectedNode].flatMap { $0.isEmpty ? nil : $0 }
        var volume = Self.volume(volumeName, for: claim, storageClass, at: path, on: share.export, settings)
        volume.spec?.nodeAffinity = topology?.nodeAffinity
        self.volume = volume
    }

    /// The obstacle that keeps every claim of a class from being provisioned, whatever it requests.
    ///
    /// - Returns: nil if nothing does.
    package static func obstacle(
        in storageClass: StorageClass,
        settings: ProvisionerSettings
    ) -> String? {
        do throws(PlanError) {
            let parameters = try orPlanError { () throws(ParameterError) in
                try ClassParameters(storageClass.parameters ?? [:])
            }
            let share = try share(of: parameters, storageClass, settings)
            _ = try topology(of: share.export, storageClass, settings)
            return nil
        } catch {
            return error.reason
        }
    }

    /// Narrows an export's topology to the nodes that the class allows (C8: topologies are honoured).
    private static func topology(
        of export: ExportPath,
        _ storageClass: StorageClass,
        _ settings: ProvisionerSettings
    ) throws(PlanError) -> Topology? {
        guard let topology = settings.topologies[export] else { return nil }
        guard let narrowed = topology.narrowed(to: storageClass.allowedTopologies ?? []) else {
            throw PlanError(
                reason: "only nodes with \(topology) reach \(export), and none of them is in the class's"
                    + " allowedTopologies"
            )
        }
        return narrowed
    }

    /// The export that the class names, or the controller's (P3: one process serves many exports), and the options for
    /// it (P6: ports and times are taken from the class).
    private static func share(
        of parameters: ClassParameters,
        _ storageClass: StorageClass,
        _ settings: ProvisionerSettings
    ) throws(PlanError) -> ShareAddress {
        if let export = parameters.export {
            return ShareAddress(export: export, options: ConnectionOptions(ofMount: storageClass.mountOptions ?? []))
        }
        guard let export = settings.export else {
            throw PlanError(
                reason: "the class names no server and share, and the controller has no export of its own:"
                    + " set NFS_SERVER and NFS_PATH, or give the class server and share"
            )
        }
        return try orPlanError { () throws(InvalidConnectionOption) in
            ShareAddress(export: export, options: try ConnectionOptions.parse(settings.mountOptions))
        }
    }

    private static func path(
        for claim: PersistentVolumeClaim,
        volumeName: String,
        _ parameters: ClassParameters,
        _ settings: ProvisionerSettings
    ) throws(PlanError) -> VolumePath {
        let values = PathTemplate.Values(
            namespace: claim.metadata.namespace ?? "",
            claim: claim.metadata.name ?? "",
            volume: volumeName,
            labels: claim.metadata.labels ?? [:],
            annotations: claim.metadata.annotations ?? [:]
        )
        do {
            guard let template = parameters.pathTemplate else { return try VolumePath.standard(for: values) }
            let path = try template.path(for: values, allowsEmptyValues: settings.allowsEmptyPlaceholders)
            // Some servers are case-insensitive.
            guard !ArchiveName.isArchive(path.names[0].lowercased()) else {
                throw PathError("\(path.names[0]) would lie among the archives")
            }
            return path
        } catch {
            let template = parameters.pathTemplate.map { "the path pattern \($0)" } ?? "the standard path"
            throw PlanError(reason: "\(template) gives no usable directory: \(error)")
        }
    }

    /// The volume as nfs-subdir-external-provisioner would have made it, but for annotations and the finalizer.
    ///
    /// - V1: the spec as kubelet mounts it.
    /// - V2: provisioned-by names the class's provisioner.
    /// - V3: the finalizer keeps the volume.
    private static func volume(
        _ name: String,
        for claim: PersistentVolumeClaim,
        _ storageClass: StorageClass,
        at path: VolumePath,
        on export: ExportPath,
        _ settings: ProvisionerSettings
    ) -> PersistentVolume {
        let reclaimPolicy = storageClass.reclaimPolicy ?? .delete
        return PersistentVolume(
            metadata: ObjectMeta(
                name: name,
                annotations: [
                    AnnotationKey.provisionedBy: storageClass.provisioner,
                    AnnotationKey.share: export.path,
                    AnnotationKey.restoreFrom: claim.metadata.annotations?[AnnotationKey.restoreFrom],
                ].compactMapValues { $0 }.merging(RetentionRequest.all(in: claim.metadata)) { $1 },
                finalizers: settings.addsFinalizer && reclaimPolicy == .delete ? [FinalizerName.provisioner] : nil
            ),
            spec: PersistentVolume.Spec(
                capacity: (claim.spec?.resources?.requests?["storage"]).map { ["storage": $0] },
                accessModes: claim.spec?.accessModes,
                nfs: PersistentVolume.NFSSource(server: export.server, path: export.absolute(path)),
                claimRef: claim.reference,
                persistentVolumeReclaimPolicy: reclaimPolicy,
                storageClassName: claim.className,
                mountOptions: storageClass.mountOptions,
                volumeMode: .filesystem
            )
        )
    }

    private static func backup(for claim: PersistentVolumeClaim) throws(PlanError) -> BackupRequirement? {
        guard let word = claim.metadata.annotations?[AnnotationKey.backup] else { return nil }
        if let backup = BackupRequirement(rawValue: word) { return backup }
        throw PlanError(
            reason: "the annotation \(AnnotationKey.backup) is \"\(word)\": use required, optional or none"
        )
    }

    private static func orPlanError<Value, Cause: Error & CustomStringConvertible>(
        _ body: () throws(Cause) -> Value
    ) throws(PlanError) -> Value {
        do {
            return try body()
        } catch {
            throw PlanError(reason: error.description)
        }
    }
}

/// Reason that a claim and its class give no plan.
package struct PlanError: Error, Sendable {
    package let reason: String
}
