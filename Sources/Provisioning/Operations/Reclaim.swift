import Kubernetes
import NFS

extension ShareConnection {
    /// Archives, deletes or leaves the directory of a released volume.
    ///
    /// - R4: missing counts only on the right share.
    /// - R5: an archive replaces nothing.
    /// - R6: removed in the trash alone.
    /// - R7: retained data stays in place.
    /// - R11: no other directory is touched.
    ///
    /// - Parameters:
    ///   - plan: The release, made from the volume as the API server has it now.
    ///   - deletesAdopted: Lets `delete` delete a directory that was there before its volume (S8: else it is archived).
    ///   - confirm: Throws if the volume must no longer be reclaimed as planned, or if another volume lies on the
    ///     directory, on the export with that identity; called after the last wait.
    ///   - otherVolumes: Other volumes on this directory or below it, by the export's identity (R8: a directory that
    ///     others use stays).
    /// - Returns: The outcome for the directory, now or in an earlier run.
    /// - Throws: ``ShareError`` if nothing can be done safely, in which case nothing was; `NFSError` if the share does
    ///   not answer.
    package func reclaim(
        _ plan: ReclaimPlan,
        deletesAdopted: Bool,
        confirm: @escaping (_ exportID: String) async throws -> Void = { _ in },
        otherVolumes: @escaping (_ exportID: String) -> [String]
    ) async throws -> ReclaimOutcome {
        try await openForCalls { share in
            try await Reclaim(share: share, plan: plan, confirm: confirm)
                .run(deletesAdopted: deletesAdopted, otherVolumes: otherVolumes(share.folder.exportID))
        }
    }
}

/// Reclaims a released volume's directory as its class says. This can be repeated after a crash at any line.
struct Reclaim {
    let share: OpenShare
    let plan: ReclaimPlan
    let confirm: (_ exportID: String) async throws -> Void
    private let started = ContinuousClock.now

    init(share: OpenShare, plan: ReclaimPlan, confirm: @escaping (_ exportID: String) async throws -> Void) {
        self.share = share
        self.plan = plan
        self.confirm = confirm
    }

    func run(deletesAdopted: Bool, otherVolumes: [String]) async throws -> ReclaimOutcome {
        let (records, name) = (share.records, plan.volumeName)
        async let readRecord = records.read(VolumeRecord.self, name)
        async let readArchive = records.read(ArchiveRecord.self, name)
        var (record, archive) = try await (readRecord, readArchive)
        record?.follow(plan)
        let earlier = try await EarlierArchives(of: plan, record, first: archive, on: share)
        // After the records: a record of the directory's departure must not be newer than the look at its place.
        let found = try await share.locate(plan.path)
        if let outcome = try await earlierOutcome(record, earlier.own, now: found?.node) { return outcome }
        guard let (parent, node) = found else { return try await missing() }
        try requireOwn(node, record, earlier)
        let released = ReleasedDirectory(
            plan: plan,
            parent: parent,
            node: node,
            identity: share.identity(of: node),
            record: record
        )
        let others = try await RecordedPlaces(share: share).otherVolumes(of: plan, node)
        let decision = ReleaseDecision(
            plan,
            record,
            otherVolumes: otherVolumes + others,
            deletesAdopted: deletesAdopted
        )
        switch decision.action {
        case .retain:
            return try await retain(released, reason: decision.exception)
        case .archive:
            let reason = decision.exception ?? "the claim was deleted"
            return try await ArchiveDirectory(reclaim: self, released: released, earlier: earlier).run(because: reason)
        case .delete:
            return try await DeleteDirectory(reclaim: self, released: released).run()
        }
    }

    /// Checks the cluster, the directory's identity and who else is on it again before the directory is moved, if hooks
    /// ran or time has passed since the first check.
    func askAgain(_ released: ReleasedDirectory, hadHooks: Bool) async throws {
        guard hadHooks || ContinuousClock.now - started > .seconds(5) else { return }
        try await confirm(share.folder.exportID)
        let now = try await share.locate(plan.path)
        guard let now, share.isThat(released.identity, now.node) else {
            throw ShareError("directory \(plan.path) on \(share.address) changed meanwhile; will retry")
        }
        // A volume of another provisioner has no record, so another cluster may have adopted its directory.
        guard try await RecordedPlaces(share: share).otherVolumes(of: plan, now.node).isEmpty else {
            throw ShareError("another cluster's volume is on \(plan.path) on \(share.address) meanwhile; will retry")
        }
    }

    /// The outcome of an earlier run, which this finishes if necessary; nil if none got that far. Another directory may
    /// be at the place now: the place is free once the directory has left it.
    private func earlierOutcome(
        _ record: VolumeRecord?,
        _ archive: ArchiveRecord?,
        now: Node?
    ) async throws -> ReclaimOutcome? {
        func hasLeft(_ directory: DirectoryIdentity?) -> Bool {
            guard let now else { return true }
            return directory != nil && !share.isThat(directory, now)
        }
        if let archive, hasLeft(archive.directory),
            let outcome = try await FinishArchive(share: share).resume(archive)
        {
            return outcome
        }
        switch record?.release?.action {
        case .retain:
            return .retained(reason: record?.release?.reason)
        case .delete where hasLeft(record?.directory):
            if try await DeleteDirectory.emptyTrash(of: plan, record?.directory, on: share) { return .deleted }
            return try await wasDeleted(since: record?.release?.at) ? .deleted : nil
        case .archive, .delete, nil:
            return try await finishDeletion(record, now: now)
        }
    }

    /// Resumes a deletion that a full share could not record: only the trash tells of it.
    private func finishDeletion(_ record: VolumeRecord?, now: Node?) async throws -> ReclaimOutcome? {
        guard now == nil,
            let trash = try await share.export.lookupIfPresent(try NFSName(plan.volumeName), in: share.folder.trash),
            record?.directory == nil
                ? plan.fileID == trash.attributes.fileid : share.isThat(record?.directory, trash)
        else { return nil }
        let identity = share.identity(of: trash)
        return try await DeleteDirectory.emptyTrash(of: plan, identity, on: share) ? .deleted : nil
    }

    /// Whether an earlier run of this release removed the directory completely: an admin may have moved it away.
    private func wasDeleted(since start: Timestamp?) async throws -> Bool {
        try await share.auditEntries(since: start, until: nil).entries
            .contains { $0.volume == plan.volumeName && $0.action == .deleted }
    }

    /// Checks that the directory is the one that the volume or its record remembers (R11: no other directory is
    /// touched). It may differ only from a directory that an earlier release of a volume of this name archived: an
    /// admin has put another in its place since.
    private func requireOwn(_ node: Node, _ record: VolumeRecord?, _ earlier: EarlierArchives) throws(ShareError) {
        let isRecorded = record?.directory == nil || share.isThat(record?.directory, node)
        let expected = plan.fileID ?? record?.directory?.fileID ?? node.attributes.fileid
        if expected == node.attributes.fileid, isRecorded { return }
        if earlier.accounts(for: expected) { return }
        throw ShareError(
            "\(plan.path) on \(share.address) is not the directory that was made for \(plan.volumeName)"
                + " (file id \(node.attributes.fileid), not \(expected)); nothing was touched: put the right one back, or,"
                + " if the share was restored from a copy, remove the annotation \(AnnotationKey.fileID) from the volume"
                + " and \"directory\" from \(ControllerFolder.name)/volumes/\(plan.volumeName).json"
        )
    }

    /// Handles a directory that is not at its place and that no run of ours moved (R4: missing counts only on the right
    /// share).
    private func missing() async throws -> ReclaimOutcome {
        try await share.confirmIdentity()
        guard let known = plan.exportID else {
            throw ShareError(
                "\(plan.path) is not on \(share.address), and nothing shows that this is the share it was made on;"
                    + " if you know the data is gone, set the volume's reclaim policy to Retain and delete the volume"
            )
        }
        guard known == share.folder.exportID else {
            throw ShareError(
                "\(plan.path) is not on \(share.address), which is not the share it was made on: export the right one"
            )
        }
        let entry = AuditEntry(.missing, plan, reason: "the directory was not there")
        try await share.withReserve.audit.append(entry)
        return .alreadyGone
    }

    private func retain(_ released: ReleasedDirectory, reason: String?) async throws -> ReclaimOutcome {
        try await share.audit.append(AuditEntry(.retained, plan, reason: reason ?? "onDelete is retain"))
        try await share.records.write(released.record(releasedAs: .retain, reason: reason))
        return .retained(reason: reason)
    }
}

extension VolumeRecord {
    /// Updates the record of a volume that was bound to another claim since.
    fileprivate mutating func follow(_ plan: ReclaimPlan) {
        guard let claim = ClaimReference(plan.volume.spec?.claimRef) else { return }
        _ = follow(claim, notes: nil)
    }
}

/// Outcome for a released volume's directory.
package enum ReclaimOutcome: Sendable, Hashable {
    /// It is now `name` in the export's root.
    /// - `lacksBackup`: A backup is required, and no hook has made one.
    /// - `claimUnseen`: The claim's last annotations are unknown.
    case archived(name: String, lacksBackup: Bool = false, claimUnseen: Bool = false)
    case deleted
    /// Left in place; `reason` is set if the class says otherwise.
    case retained(reason: String?)
    /// It was not there, on a share that is known to be the right one.
    case alreadyGone
}

extension ReclaimOutcome {
    init(archived record: ArchiveRecord) {
        self = .archived(
            name: record.to,
            lacksBackup: record.lacksBackup,
            claimUnseen: record.claimUnseen ?? false
        )
    }
}
