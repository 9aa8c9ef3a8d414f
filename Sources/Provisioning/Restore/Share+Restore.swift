import Kubernetes
import NFS

extension OpenShare {
    /// Makes a plan's directory of an archive. Can be run again after a crash anywhere.
    ///
    /// - Throws: ``ShareError`` when the archive may not be had, or something is at the directory's place.
    func restore(
        _ request: RestoreRequest,
        for plan: ProvisioningPlan,
        _ record: VolumeRecord?,
        _ support: RestoreSupport
    ) async throws -> DirectoryIdentity {
        let archive = try await archive(request.archive)
        try confirm(archive, isFor: plan)
        if let taker = try await taker(of: archive), taker.volume != plan.volumeName {
            // What another cluster waits for, this one's API server does not know.
            guard taker.cluster == cluster, try await support.isAbandoned(taker.volume, taker.claim) else {
                throw ShareError(
                    "the archive \(archive.id) on \(address) is on its way into volume \(taker.volume)"
                )
            }
            try await withdraw(taker)
        }
        let parent = try await parent(of: plan.path)
        let place = RestorePlace(plan: plan, parent: parent, basename: plan.path.basename)
        return switch request.mode {
        case .move: try await withArchive(request.archive) { try await move($0, to: place) }
        case .copy: try await copy(request.archive, to: place, record, onProgress: support.onProgress)
        }
    }

    /// The record of the volume that an archive's directory is being moved into, or has been without the archive's
    /// record saying so.
    ///
    /// - Returns: nil if there is none: the archive is in its place, or is said to be a volume's.
    func taker(of archive: ArchiveRecord) async throws -> VolumeRecord? {
        switch archive.state {
        case .restoring:
            guard let volume = archive.restore?.volume else { return nil }
            return try await records.read(VolumeRecord.self, volume)
        case .archived:
            guard try await directoryIfPresent(of: archive) == nil else { return nil }
            for entry in try await records.all(of: VolumeRecord.self) {
                guard let record = entry.readable, record.isMade(of: archive), let path = record.volumePath,
                    try await locate(path)?.node.attributes.fileid == archive.directory.fileID
                else { continue }
                return record
            }
            return nil
        case .intent, .renamed, .restored, .purging, .purged:
            return nil
        }
    }

    /// An archive's data belongs to the namespace that it came from; one of the same name in another cluster is another.
    private func confirm(_ archive: ArchiveRecord, isFor plan: ProvisioningPlan) throws(ShareError) {
        let isOtherCluster = archive.cluster != nil && archive.cluster != cluster
        guard !plan.restoresAcrossNamespaces, isOtherCluster || archive.claim?.namespace != plan.claim.namespace
        else { return }
        var origin = archive.claim.map { "the namespace \($0.namespace)" } ?? "a namespace that is not known"
        if isOtherCluster { origin += " of another cluster" }
        throw ShareError(
            "the archive \(archive.id) on \(address) is from \(origin), and restored into no other unless the admin"
                + " sets restoreAcrossNamespaces"
        )
    }

    // MARK: Move

    /// The rename decides between this and whoever else wants the archive, also in another process; what it came to is
    /// written down after it. The volume's record, written before, tells where the directory is should nobody get to that.
    private func move(
        _ archive: ArchiveRecord,
        to place: RestorePlace
    ) async throws -> DirectoryIdentity {
        switch archive.state {
        case .restoring, .restored:
            guard archive.restore?.volume == place.plan.volumeName else { throw unavailable(archive) }
        case .archived:
            break
        case .intent, .renamed, .purging, .purged:
            throw unavailable(archive)
        }
        if try await !isInPlace(archive.directory, place) {
            if archive.state == .archived, let hold = archive.hold { throw held(archive, hold) }
            _ = try await directory(of: archive)
            try await requireFree(place)
            try await records.write(VolumeRecord(place.plan, restoring: archive.directory, cluster: cluster))
            try await export.rename(
                try NFSName(archive.to),
                in: folder.root.handle,
                to: place.basename,
                in: place.parent
            )
        }
        if archive.state != .restored { try await noteMoved(archive, to: place) }
        return archive.directory
    }

    /// A hold that was written before the rename has found the directory in its place, and goes first.
    private func noteMoved(_ archive: ArchiveRecord, to place: RestorePlace) async throws {
        var archive = try await self.archive(archive.id)
        archive.restore = archive.restore ?? ArchiveRecord.Restore(place.plan)
        if let hold = archive.hold {
            try await putBack(archive, from: (place.parent, place.basename))
            throw held(archive, hold)
        }
        try await noteRestored(archive, to: place)
        archive.state = .restored
        archive.restore?.doneAt = .now
        try await records.write(archive)
    }

    private func held(_ archive: ArchiveRecord, _ hold: ArchiveRecord.Hold) -> ShareError {
        ShareError(
            "the archive \(archive.id) on \(address) is held (\(hold.reason)): restore a copy of it"
                + " (\(AnnotationKey.restoreMode): copy), or release the hold"
        )
    }

    // MARK: Copy

    /// Copies into the controller's own folder first, where nobody else sees a half of it.
    private func copy(
        _ id: String,
        to place: RestorePlace,
        _ record: VolumeRecord?,
        onProgress: @escaping @Sendable (CopiedTree) -> Void
    ) async throws -> DirectoryIdentity {
        if let directory = record?.directory, try await isInPlace(directory, place) { return directory }
        var archive = try await archive(id)
        guard archive.state == .archived else { throw unavailable(archive) }
        try await requireFree(place)
        let name = try NFSName(place.plan.volumeName)
        let copy = try await export.ensureDirectory(name, in: folder.staging, mode: 0o700)
        let identity = DirectoryIdentity(copy.attributes)
        try await records.write(VolumeRecord(place.plan, restoring: identity, cluster: cluster))
        let source = try await directory(of: archive)
        _ = try await export.copyTree(
            from: source.handle,
            into: copy.handle,
            callsAtOnce: Export.callsOfLongWork,
            onProgress: onProgress
        )
        // Whoever purges or restores it writes that down, and moves it away first: as long as it is an archive and in its
        // place, all of it was there.
        archive = try await self.archive(id)
        guard archive.state == .archived else { throw unavailable(archive) }
        _ = try await directory(of: archive)
        try await requireFree(place)
        try await noteRestored(archive, to: place)
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

    /// The archive's directory in the export's root, proven to be the one that was archived.
    func directory(of archive: ArchiveRecord) async throws -> Node {
        if let node = try await directoryIfPresent(of: archive) { return node }
        throw ShareError("\(archive.to) is not on \(address): the archive \(archive.id) was moved or removed by hand")
    }

    /// Likewise.
    ///
    /// - Returns: nil if nothing is there.
    func directoryIfPresent(of archive: ArchiveRecord) async throws -> Node? {
        guard let node = try await export.lookupIfPresent(try NFSName(archive.to), in: folder.root.handle) else {
            return nil
        }
        guard node.attributes.type == .directory, node.attributes.fileid == archive.directory.fileID else {
            throw ShareError(
                "\(archive.to) on \(address) is not the directory that was archived as \(archive.id); nothing was touched"
            )
        }
        return node
    }

    private func isInPlace(_ directory: DirectoryIdentity, _ place: RestorePlace) async throws -> Bool {
        let node = try await export.lookupIfPresent(place.basename, in: place.parent)
        return node.map { $0.attributes.fileid == directory.fileID } ?? false
    }

    /// NFS would rename onto an empty directory without a word.
    private func requireFree(_ place: RestorePlace) async throws {
        guard try await export.lookupIfPresent(place.basename, in: place.parent) != nil else { return }
        throw ShareError(
            "\(place.plan.path) is on \(address) already: an archive is not restored over it; move it away"
        )
    }

    func unavailable(_ archive: ArchiveRecord) -> ShareError {
        let state =
            switch archive.state {
            case .intent, .renamed: "is only being made: it is tried again"
            case .archived: "is there"
            case .restoring: "is on its way into volume \(archive.restore?.volume ?? "another")"
            case .restored: "became volume \(archive.restore?.volume ?? "another") again"
            case .purging, .purged: "was purged"
            }
        return ShareError("the archive \(archive.id) on \(address) \(state)")
    }
}
