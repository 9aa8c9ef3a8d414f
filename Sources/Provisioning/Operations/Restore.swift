import Kubernetes
import NFS

/// Restores an archive into a plan's directory. This can be repeated after a crash at any point.
struct Restore: ShareOperation {
    let share: OpenShare
    let plan: ProvisioningPlan
    let support: RestoreSupport

    /// - Throws: ``ShareError`` if the archive is not available, or something is at the directory's place.
    func run(_ request: RestoreRequest, _ record: VolumeRecord?) async throws -> DirectoryIdentity {
        let archive = try await share.archive(request.archive)
        try confirm(archive, isFor: plan)
        if let other = try await Self.volume(restoredFrom: archive, on: share), other.volume != plan.volumeName {
            // This cluster's API server does not know what another cluster waits for.
            guard other.cluster == share.cluster, try await support.isAbandoned(other.volume, other.claim) else {
                throw ShareError("archive \(archive.id) on \(address) is being restored into volume \(other.volume)")
            }
            try await Withdraw(share: share).run(other)
        }
        try await share.requireSole(archive)
        let isDone = if let record { try await !share.isAway(record) } else { false }
        if !isDone { try await requirePath(of: archive) }
        let place = try await place()
        return switch request.mode {
        case .move: try await share.withArchive(request.archive) { try await move($0, to: place) }
        case .copy: try await share.withArchive(request.archive, .shared) { try await copy($0, to: place, record) }
        }
    }

    /// The record of the volume that an archive's directory is being moved into, or was moved into before the archive's
    /// record said so.
    ///
    /// - Returns: nil if there is none: the archive is in its place, or its record already says what became of it.
    static func volume(restoredFrom archive: ArchiveRecord, on share: OpenShare) async throws -> VolumeRecord? {
        switch archive.state {
        case .restoring:
            guard let volume = archive.restore?.volume else { return nil }
            return try await share.records.read(VolumeRecord.self, volume)
        case .archived:
            guard try await share.directoryIfPresent(of: archive) == nil else { return nil }
            for entry in try await share.records.all(of: VolumeRecord.self) {
                guard let record = entry.readable, record.isMade(of: archive), let path = record.volumePath,
                    let node = try await share.locate(path)?.node,
                    share.isThat(archive.directory, node)
                else { continue }
                return record
            }
            return nil
        case .intent, .renamed, .restored, .purging, .purged, .lost:
            return nil
        }
    }

    /// Checks that the plan may have the archive: its data belongs to the namespace that it came from, and a namespace
    /// of the same name in another cluster is a different one.
    private func confirm(_ archive: ArchiveRecord, isFor plan: ProvisioningPlan) throws(ShareError) {
        let isOtherCluster = archive.cluster != nil && archive.cluster != share.cluster
        guard !plan.restoresAcrossNamespaces, isOtherCluster || archive.claim?.namespace != plan.claim.namespace
        else { return }
        var origin = archive.claim.map { "the namespace \($0.namespace)" } ?? "an unknown namespace"
        if isOtherCluster { origin += " of another cluster" }
        throw ShareError(
            "archive \(archive.id) on \(address): it is from \(origin) and cannot be restored into another namespace;"
                + " ask the admin to set restoreAcrossNamespaces"
        )
    }

    // MARK: Move

    /// Moves the archive to its place. The rename decides between this and any competing operation, also in another
    /// process; the result is recorded afterwards. If a crash prevents that, the volume's record, written before, says
    /// where the directory is.
    private func move(
        _ archive: ArchiveRecord,
        to place: RestorePlace
    ) async throws -> DirectoryIdentity {
        switch archive.state {
        case .restoring, .restored:
            guard archive.restore?.volume == place.plan.volumeName else { throw share.unavailable(archive) }
        case .archived:
            break
        case .intent, .renamed, .purging, .purged, .lost:
            throw share.unavailable(archive)
        }
        if try await !isInPlace(archive.directory, place) {
            if archive.state == .archived { try archive.requireUnheld(on: address) }
            _ = try await share.directory(of: archive)
            try await requireNothing(at: place)
            try await records.write(VolumeRecord(place.plan, restoring: archive.directory, cluster: share.cluster))
            let place = try await settledPlace(of: archive)
            let (root, name) = (folder.root.handle, try NFSName(archive.to))
            try await export.rename(name, in: root, to: place.basename, in: place.parent)
            try await share.requireMoved(
                archive.directory,
                to: (place.parent, place.basename),
                from: (root, name),
                archive.to
            )
        }
        if archive.state != .restored { try await noteMoved(archive, to: place) }
        return archive.directory
    }

    /// Records the move. A hold that was written before the rename found the directory in its place, so it goes first.
    private func noteMoved(_ archive: ArchiveRecord, to place: RestorePlace) async throws {
        var archive = try await share.archive(archive.id)
        archive.restore = archive.restore ?? ArchiveRecord.Restore(place.plan)
        if archive.hold != nil {
            try await Withdraw(share: share).putBack(archive, from: (place.parent, place.basename))
            try archive.requireUnheld(on: address)
        }
        try await noteRestored(archive, to: place)
        try archive.advance(.restoreFinished)
        archive.restore?.doneAt = .now
        try await records.write(archive)
    }

    // MARK: Copy

    /// Copies the archive, first into the controller's own folder, where nobody sees a partial copy.
    private func copy(
        _ archive: ArchiveRecord,
        to place: RestorePlace,
        _ record: VolumeRecord?
    ) async throws -> DirectoryIdentity {
        if let directory = record?.directory, try await isInPlace(directory, place) { return directory }
        guard archive.state == .archived else { throw share.unavailable(archive) }
        try await share.requireRoom()
        try await requireNothing(at: place)
        let name = try NFSName(place.plan.volumeName)
        let copy = try await export.ensureDirectory(name, in: folder.staging, mode: 0o700)
        let identity = identity(of: copy)
        try await records.write(VolumeRecord(place.plan, restoring: identity, cluster: share.cluster))
        try await requirePath(of: archive)
        let source = try await share.directory(of: archive)
        _ = try await export.copyTree(
            from: source.handle,
            into: copy.handle,
            callsAtOnce: Export.callsOfLongWork,
            onProgress: support.onProgress
        )
        // A purge or a restore moves the archive away before it changes anything in it: as long as it is an archive in
        // its place, the copy is complete.
        let now = try await share.archive(archive.id)
        guard now.state == .archived else { throw share.unavailable(now) }
        _ = try await share.directory(of: now)
        let place = try await settledPlace(of: now)
        try await noteRestored(now, to: place)
        try await export.rename(name, in: folder.staging, to: place.basename, in: place.parent)
        return identity
    }

    // MARK: Parts

    private func noteRestored(
        _ archive: ArchiveRecord,
        to place: RestorePlace
    ) async throws {
        let reason = "claim \(place.plan.claimKey) asked for it"
        let to = place.plan.path.description
        try await audit.append(AuditEntry(.restored, archive, path: archive.to, to: to, reason: reason))
    }

    private func isInPlace(_ directory: DirectoryIdentity, _ place: RestorePlace) async throws -> Bool {
        let node = try await export.lookupIfPresent(place.basename, in: place.parent)
        return isThat(directory, node)
    }

    private func place() async throws -> RestorePlace {
        let parent = try await share.makeParent(of: plan.path)
        return RestorePlace(plan: plan, parent: parent, basename: plan.path.basename)
    }

    /// The place, looked up again now that the volume's record is written: of two clusters that want one path, and check
    /// after they wrote so, one sees the other (S9: one of two clusters gets it).
    private func settledPlace(of archive: ArchiveRecord) async throws -> RestorePlace {
        try await requirePath(of: archive)
        let place = try await place()
        try await requireNothing(at: place)
        return place
    }

    /// Checks that no other volume has the path. If one has it, this volume's record goes, with what was copied under it:
    /// it would keep the other cluster from archiving its directory.
    private func requirePath(of archive: ArchiveRecord) async throws {
        do {
            try await RecordedPlaces(share: share).requireFree(for: plan, nil, support)
        } catch let error as ShareError {
            // The record of an archive that is on its way to this volume tells where its directory is.
            guard archive.state == .archived else { throw error }
            _ = try await export.removeTreeIfPresent(try NFSName(plan.volumeName), in: folder.staging)
            try await records.remove(VolumeRecord.self, plan.volumeName)
            throw error
        }
    }

    /// Checks that nothing is at the place: NFS silently renames onto an empty directory.
    private func requireNothing(at place: RestorePlace) async throws {
        guard try await export.lookupIfPresent(place.basename, in: place.parent) != nil else { return }
        throw ShareError(
            "\(place.plan.path) already exists on \(address): an archive is not restored over it; move it away"
        )
    }
}

/// Destination of a restored directory.
struct RestorePlace {
    let plan: ProvisioningPlan
    let parent: FileHandle
    let basename: NFSName
}

extension ArchiveRecord.Restore {
    /// The restore of a plan, as it begins.
    init(_ plan: ProvisioningPlan) {
        self.init(
            volume: plan.volumeName,
            claim: ClaimReference(plan.claim),
            path: plan.path.description,
            requestedAt: .now
        )
    }
}

/// Support that a restore needs from its caller.
package struct RestoreSupport: Sendable {
    /// Receives how much of a copy is done.
    var onProgress: @Sendable (CopiedTree) -> Void = { _ in }
    /// Whether nothing in the cluster waits for, or uses, a volume that has a record.
    var isAbandoned: @Sendable (_ volume: String, ClaimReference?) async throws -> Bool = { _, _ in false }
}
