import Kubernetes
import NFS

extension ShareConnection {
    /// Makes, or finds again, the directory of a plan, and its record.
    ///
    /// - V4: keep the directory, keep trying.
    /// - V5: mode and owner exactly so.
    /// - S5: a link or file is refused.
    /// - S8: only chosen paths are adopted.
    ///
    /// - Parameters:
    ///   - plan: What is to be made.
    ///   - restore: What the restore of an archive, and the adoption of a directory, need of the cluster.
    ///   - beforeChange: Receives the export's identity before anything is changed; what it throws stops the work.
    /// - Returns: What the volume is to remember of its directory.
    /// - Throws: ``ShareError`` when something is in the way, and what `beforeChange` throws; `NFSError` when the share
    ///   does not answer.
    package func provision(
        _ plan: ProvisioningPlan,
        restore: RestoreSupport = RestoreSupport(),
        beforeChange: (_ exportID: String) throws -> Void
    ) async throws -> ProvisionedDirectory {
        try await openForCalls { share in
            try beforeChange(share.folder.exportID)
            do {
                return try await Provision(share: share, plan: plan, support: restore).run()
            } catch let error as NFSError where error.code == .noSpace {
                throw try await share.full()
            }
        }
    }
}

/// Makes the directory of one plan.
struct Provision: ShareOperation {
    let share: OpenShare
    let plan: ProvisioningPlan
    let support: RestoreSupport

    func run() async throws -> ProvisionedDirectory {
        let (record, isFirst) = try await recordToGoOnWith()
        if let request = plan.restore {
            let directory = try await Restore(share: share, plan: plan, support: support).run(request, record)
            return provisioned(VolumeRecord(plan, restoring: directory, cluster: share.cluster), directory)
        }
        try await share.requireRoom()
        let parent = try await share.makeParent(of: plan.path)
        // The standard name holds the claim's uid, and nobody else makes it: without a record it is hardly there.
        let mayBeThere = !isFirst || plan.pathIsChosen
        let present = mayBeThere ? try await export.lookupIfPresent(plan.path.basename, in: parent) : nil
        if let present { try await share.require(present, plan.path.basename, of: plan.path) }
        if let present, let record, let directory = record.directory {
            try confirm(present, is: directory)
            return provisioned(record, directory)
        }
        try await requireFree(present, orRemove: record)
        let (node, origin) =
            if let present {
                (present, try await self.origin(of: present, record))
            } else {
                try await make(in: parent)
            }
        if origin == .created { try await setAttributes(of: node) }
        let made = VolumeRecord(plan, origin: origin, directory: identity(of: node), cluster: share.cluster)
        let reason = "claimed under class \(plan.className)"
        try await audit.append(AuditEntry(origin == .created ? .created : .adopted, made, reason: reason))
        // A path that the class chose has had its record before its directory.
        try await records.write(made, isOurs: isFirst && !plan.pathIsChosen)
        if present == nil { try await RecordedPlaces(share: share).noteLost(whereverIs: node) }
        return provisioned(made, identity(of: node))
    }

    private func provisioned(_ record: VolumeRecord, _ directory: DirectoryIdentity) -> ProvisionedDirectory {
        let phase = record.origin == .restored ? HookPhase.afterRestore : .afterProvision
        return ProvisionedDirectory(
            exportID: folder.exportID,
            fileID: directory.fileID,
            origin: record.origin,
            pendingHooks: share.hookEvent(phase, record, at: record.path)?.phase
        )
    }

    /// S9: proves that no other volume has the path.
    ///
    /// - Parameters:
    ///   - present: What is there.
    ///   - record: This volume's own. It goes if it only says what was intended: it would keep the other from archiving
    ///     its directory, and look like a claim to it afterwards.
    /// - Throws: ``ShareError`` if another volume has it, and what the export throws.
    private func requireFree(_ present: Node?, orRemove record: VolumeRecord?) async throws {
        do {
            try await RecordedPlaces(share: share).requireFree(for: plan, present, support)
        } catch let error as ShareError {
            if let record, record.directory == nil {
                try await records.remove(VolumeRecord.self, record.volume)
            }
            throw error
        }
    }

    /// The record of an earlier try for the same directory. A try for another path or archive, before the claim's
    /// annotations changed, is rolled back first.
    ///
    /// - Returns: The record; `isFirst` if there was none of any try.
    private func recordToGoOnWith() async throws -> (record: VolumeRecord?, isFirst: Bool) {
        guard let record = try await records.read(VolumeRecord.self, plan.volumeName) else { return (nil, true) }
        if record.path == plan.path.description, record.restoredFrom == plan.restore { return (record, false) }
        try await Withdraw(share: share).run(record)
        return (nil, false)
    }

    private func confirm(_ node: Node, is directory: DirectoryIdentity) throws(ShareError) {
        guard isThat(directory, node) else {
            throw ShareError(
                "\(plan.path) on \(address) is not the directory that was made for \(plan.volumeName): move it away"
            )
        }
    }

    /// Whether a directory that is there was made by an earlier run for this volume.
    private func origin(of node: Node, _ record: VolumeRecord?) async throws -> VolumeRecord.Origin {
        guard plan.pathIsChosen else { return .created }
        guard record?.origin == .created else {
            try await requireNoExport(node, at: plan.path)
            if record == nil { try await announce(.adopted, present: node) }
            return .adopted
        }
        return try await export.readDirectory(node.handle).entries.isEmpty ? .created : .adopted
    }

    /// A directory that a controller uses as an export, whatever name its server has there, is no volume: it holds other
    /// volumes (S4: no two volumes touch).
    private func requireNoExport(_ node: Node, at path: VolumePath) async throws {
        let folder = try await export.lookupIfPresent(ControllerFolder.name, in: node.handle)
        guard folder?.attributes.type == .directory else { return }
        throw ShareError("\(path) on \(address) is an export itself: there is \(ControllerFolder.name) in it")
    }

    private func make(in parent: FileHandle) async throws -> (Node, VolumeRecord.Origin) {
        let name = plan.path.basename
        guard plan.pathIsChosen else {
            let node = try await export.makeDirectoryUnlessPresent(name, in: parent, mode: plan.mode)
            try await share.require(node, name, of: plan.path)
            return (node, .created)
        }
        // Without this a crash after MKDIR would leave a directory that looks as if it had always been there.
        try await announce(.created, present: nil)
        return (try await export.makeDirectory(name, in: parent, mode: plan.mode), .created)
    }

    /// Writes that this volume is to have the path, before it has the directory, and looks once more whose the path is:
    /// another cluster may have looked before it could see this record, but of two who look after they wrote one sees it.
    private func announce(_ origin: VolumeRecord.Origin, present: Node?) async throws {
        let intent = VolumeRecord(plan, origin: origin, directory: nil, cluster: share.cluster)
        try await records.write(intent)
        try await requireFree(present, orRemove: intent)
    }

    /// Sets what the server made otherwise of MKDIR's attributes (V5: mode and owner exactly so).
    private func setAttributes(of node: Node) async throws {
        let attributes = node.attributes
        guard
            attributes.mode != plan.mode || plan.uid.map({ $0 != attributes.uid }) ?? false
                || plan.gid.map({ $0 != attributes.gid }) ?? false
        else { return }
        try await export.setAttributes(of: node.handle, mode: plan.mode, uid: plan.uid, gid: plan.gid)
    }
}

extension VolumeRecord {
    /// The record of a volume whose directory is made of an archive.
    init(_ plan: ProvisioningPlan, restoring directory: DirectoryIdentity, cluster: String?) {
        self.init(plan, origin: .restored, directory: directory, cluster: cluster)
        restoredFrom = plan.restore
    }

    init(_ plan: ProvisioningPlan, origin: Origin, directory: DirectoryIdentity?, cluster: String?) {
        volume = plan.volumeName
        claim = ClaimReference(plan.claim)
        storageClass = plan.className
        path = plan.path.description
        self.origin = origin
        releaseAction = plan.releaseAction
        capacity = plan.volume.spec?.capacity?["storage"]?.rawValue
        accessModes = plan.volume.spec?.accessModes
        mountOptions = plan.volume.spec?.mountOptions
        provisioner = plan.volume.metadata.annotations?[AnnotationKey.provisionedBy]
        notes = plan.notes
        backup = plan.backup
        self.cluster = cluster
        self.directory = directory
        createdAt = .now
    }
}

/// What became of a plan on its share.
package struct ProvisionedDirectory: Sendable, Hashable {
    /// The export's identity, for the volume to remember (S7: no other share is used).
    package let exportID: String
    package let fileID: UInt64
    package let origin: VolumeRecord.Origin
    /// The phase whose hooks are to run once the claim is bound.
    package let pendingHooks: HookPhase?
}
