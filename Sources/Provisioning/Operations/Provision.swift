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
    ///   - plan: The volume to make.
    ///   - restore: Access to the cluster, for restoring an archive and adopting a directory.
    ///   - beforeChange: Receives the export's identity before anything is changed; what it throws stops the work.
    /// - Returns: The facts about the directory that the volume must remember.
    /// - Throws: ``ShareError`` if something is in the way, and what `beforeChange` throws; `NFSError` if the share
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
        // The standard name contains the claim's uid, and nobody else makes it: without a record it hardly ever exists.
        let mayBeThere = !isFirst || plan.pathIsChosen
        let present = mayBeThere ? try await share.locate(plan.path)?.node : nil
        if let present, let record, let directory = record.directory {
            try confirm(present, is: directory)
            return provisioned(record, directory)
        }
        try await requireFree(present, orRemove: record)
        let (node, origin) =
            if let present {
                (present, try await self.origin(of: present, record))
            } else {
                try await make()
            }
        if origin == .created { try await setAttributes(of: node) }
        let made = VolumeRecord(plan, origin: origin, directory: identity(of: node), cluster: share.cluster)
        let reason = "claimed under class \(plan.className)"
        try await audit.append(AuditEntry(origin == .created ? .created : .adopted, made, reason: reason))
        // For a path that the class chose, the record was written before the directory was made.
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

    /// Checks that no other volume has the path (S9: another volume's path is refused).
    ///
    /// - Parameters:
    ///   - present: The directory at the path.
    ///   - record: This volume's own. It is removed if it holds only an intent: it would keep the other volume from
    ///     archiving its directory, and would look like a claim to it afterwards.
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
    /// - Returns: The record; `isFirst` if no earlier try left one.
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

    /// The origin of a directory that exists: made for this volume by an earlier run, or adopted.
    private func origin(of node: Node, _ record: VolumeRecord?) async throws -> VolumeRecord.Origin {
        guard plan.pathIsChosen else { return .created }
        let isAdopted = record?.origin != .created
        if isAdopted {
            try await requireNoExport(node, at: plan.path)
            if record == nil { try await announce(.adopted, present: node) }
        }
        // Nobody else has the path now, but the directory was looked up before: another cluster may have archived it.
        guard let now = try await share.locate(plan.path)?.node, isThat(identity(of: node), now) else {
            throw ShareError("directory \(plan.path) on \(address) changed meanwhile; will retry")
        }
        if isAdopted { return .adopted }
        return try await export.readDirectory(node.handle).entries.isEmpty ? .created : .adopted
    }

    /// Refuses a directory that a controller uses as an export, under whatever server name: it holds other volumes
    /// (S4: no two volumes touch).
    private func requireNoExport(_ node: Node, at path: VolumePath) async throws {
        let folder = try await export.lookupIfPresent(ControllerFolder.name, in: node.handle)
        guard folder?.attributes.type == .directory else { return }
        throw ShareError("\(path) on \(address) is itself an export: it contains \(ControllerFolder.name)")
    }

    private func make() async throws -> (Node, VolumeRecord.Origin) {
        let name = plan.path.basename
        guard plan.pathIsChosen else {
            let parent = try await share.makeParent(of: plan.path)
            let node = try await export.makeDirectoryUnlessPresent(name, in: parent, mode: plan.mode ?? 0o777)
            try await share.require(node, name, of: plan.path)
            return (node, .created)
        }
        // Without this a crash after MKDIR would leave a directory that looks as if it had always been there.
        try await announce(.created, present: nil)
        // Only now is it known that the missing directories above are not made within another's volume.
        let parent = try await share.makeParent(of: plan.path)
        return (try await export.makeDirectory(name, in: parent, mode: plan.mode ?? 0o777), .created)
    }

    /// Records the intent to use the path before the directory exists, and checks again that the path is free. Another
    /// cluster may have checked before it could see this record, but of two that check after writing, one sees the
    /// other.
    private func announce(_ origin: VolumeRecord.Origin, present: Node?) async throws {
        let intent = VolumeRecord(plan, origin: origin, directory: nil, cluster: share.cluster)
        try await records.write(intent)
        try await requireFree(present, orRemove: intent)
    }

    /// Corrects attributes that the server did not take from MKDIR (V5: mode and owner exactly so).
    private func setAttributes(of node: Node) async throws {
        let attributes = node.attributes
        let isOthers = plan.uid ?? attributes.uid != attributes.uid || plan.gid ?? attributes.gid != attributes.gid
        if isOthers { try await export.setAttributes(of: node.handle, uid: plan.uid, gid: plan.gid) }
        // After the owner: a change of owner may clear bits of the mode.
        guard let mode = plan.mode, mode != attributes.mode || isOthers && mode & 0o6000 != 0 else { return }
        do throws(NFSError) {
            try await export.setAttributes(of: node.handle, mode: mode)
        } catch {
            guard let status = error.nfsStatus, !error.isRetriable else { throw error }
            throw NFSError(
                .unsupported,
                nfsStatus: status,
                operation: "chmod",
                subject: "\(plan.path)",
                address: export.address,
                detail: "the server does not let the permissions of a directory be changed: the class asks for"
                    + " \(mode.octal), and the directory has \(attributes.mode.octal); allow the change (ZFS:"
                    + " aclmode=passthrough), or leave the permissions as the server makes them: mountPermissions: \"0\" in"
                    + " the class"
            )
        }
    }
}

extension UInt32 {
    /// Permission bits as they are written: `0755`.
    fileprivate var octal: String { "0" + String(self, radix: 8) }
}

extension VolumeRecord {
    /// The record of a volume whose directory is restored from an archive.
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

/// Result of a plan on its share.
package struct ProvisionedDirectory: Sendable, Hashable {
    /// The export's identity, for the volume to remember (S7: no other share is used).
    package let exportID: String
    package let fileID: UInt64
    package let origin: VolumeRecord.Origin
    /// The phase whose hooks run once the claim is bound.
    package let pendingHooks: HookPhase?
}
