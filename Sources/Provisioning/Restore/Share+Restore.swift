import Kubernetes
import NFS

extension Share {
    /// Makes a plan's directory of an archive. Can be run again after a crash anywhere.
    ///
    /// - Throws: ``ShareError`` when the archive may not be had, or something is at the directory's place.
    func restore(
        _ request: RestoreRequest,
        for plan: ProvisioningPlan,
        _ record: VolumeRecord?,
        in folder: ControllerFolder,
        _ support: RestoreSupport
    ) async throws -> DirectoryIdentity {
        let archive = try await archive(request.archive, in: folder)
        try confirm(archive, isFor: plan)
        if try await isAbandoned(archive, by: plan.volumeName, support) {
            // What another cluster waits for, this one's API server does not know.
            guard let volume = archive.restore?.volume,
                let abandoned = try await read(VolumeRecord.self, volume, in: folder), abandoned.cluster == cluster()
            else { throw unavailable(archive) }
            try await withdraw(abandoned, in: folder)
        }
        let parent = try await parent(of: plan.path, in: folder)
        let place = RestorePlace(plan: plan, parent: parent, basename: plan.path.basename)
        return switch request.mode {
        case .move: try await withArchive(request.archive, in: folder) { try await move($0, to: place, in: folder) }
        case .copy: try await copy(request.archive, to: place, record, in: folder, onProgress: support.onProgress)
        }
    }

    /// Whether a controller was killed while it moved the archive into another volume, and that volume's claim went
    /// away before the next one could go on.
    private func isAbandoned(_ archive: ArchiveRecord, by volume: String, _ support: RestoreSupport) async throws
        -> Bool
    {
        guard archive.state == .restoring, let restore = archive.restore, restore.volume != volume else { return false }
        return try await support.isAbandoned(restore.volume, restore.claim)
    }

    /// An archive's data belongs to the namespace that it came from; one of the same name in another cluster is another.
    private func confirm(_ archive: ArchiveRecord, isFor plan: ProvisioningPlan) throws(ShareError) {
        let isOtherCluster = archive.cluster != nil && archive.cluster != cluster()
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

    private func move(
        _ archive: ArchiveRecord,
        to place: RestorePlace,
        in folder: ControllerFolder
    ) async throws -> DirectoryIdentity {
        var archive = archive
        switch archive.state {
        case .restoring, .restored:
            guard archive.restore?.volume == place.plan.volumeName else { throw unavailable(archive) }
        case .archived:
            if let hold = archive.hold {
                throw ShareError(
                    "the archive \(archive.id) on \(address) is held (\(hold.reason)): restore a copy of it"
                        + " (\(AnnotationKey.restoreMode): copy), or release the hold"
                )
            }
            _ = try await directory(of: archive, in: folder)
            try await requireFree(place)
            try await write(VolumeRecord(place.plan, restoring: archive.directory, cluster: cluster()), in: folder)
            archive.state = .restoring
            archive.restore = ArchiveRecord.Restore(place.plan)
            try await write(archive, in: folder)
        case .intent, .renamed, .purging, .purged:
            throw unavailable(archive)
        }
        if try await !isInPlace(archive.directory, place) {
            _ = try await directory(of: archive, in: folder)
            try await requireFree(place)
            try await export.rename(
                try NFSName(archive.to),
                in: folder.root.handle,
                to: place.basename,
                in: place.parent
            )
        }
        if archive.state == .restoring {
            try await noteRestored(archive, to: place, in: folder)
            archive.state = .restored
            archive.restore?.doneAt = .now
            try await write(archive, in: folder)
        }
        return archive.directory
    }

    // MARK: Copy

    /// Copies into the controller's own folder first, where nobody else sees a half of it.
    private func copy(
        _ id: String,
        to place: RestorePlace,
        _ record: VolumeRecord?,
        in folder: ControllerFolder,
        onProgress: @escaping @Sendable (CopiedTree) -> Void
    ) async throws -> DirectoryIdentity {
        if let directory = record?.directory, try await isInPlace(directory, place) { return directory }
        var archive = try await archive(id, in: folder)
        guard archive.state == .archived else { throw unavailable(archive) }
        try await requireFree(place)
        let name = try NFSName(place.plan.volumeName)
        let copy = try await export.ensureDirectory(name, in: folder.staging, mode: 0o700)
        let identity = DirectoryIdentity(copy.attributes)
        try await write(VolumeRecord(place.plan, restoring: identity, cluster: cluster()), in: folder)
        let source = try await directory(of: archive, in: folder)
        _ = try await export.copyTree(
            from: source.handle,
            into: copy.handle,
            callsAtOnce: Export.callsOfLongWork,
            onProgress: onProgress
        )
        // Whoever purges or restores it writes that down, and moves it away first: as long as it is an archive and in its
        // place, all of it was there.
        archive = try await self.archive(id, in: folder)
        guard archive.state == .archived else { throw unavailable(archive) }
        _ = try await directory(of: archive, in: folder)
        try await requireFree(place)
        try await noteRestored(archive, to: place, in: folder)
        try await export.rename(name, in: folder.staging, to: place.basename, in: place.parent)
        return identity
    }

    // MARK: Back again

    /// Undoes ``restore(_:for:_:in:_:)`` for a claim that went away before its volume was there: the archive is
    /// one again, a copy is gone.
    func withdrawRestore(_ record: VolumeRecord, _ request: RestoreRequest, in folder: ControllerFolder) async throws {
        let path = try VolumePath(recorded: record.path)
        let found = try await locate(path, in: folder)
            .flatMap { $0.node.attributes.fileid == record.directory?.fileID ? $0 : nil }
        switch request.mode {
        case .move:
            try await withArchive(request.archive, in: folder) { archive in
                guard archive.restore?.volume == record.volume, [.restoring, .restored].contains(archive.state)
                else { return }
                try await putBack(archive, from: found.map { ($0.parent, path.basename) }, in: folder)
            }
        case .copy:
            let name = try NFSName(record.volume)
            if let found { try await export.rename(path.basename, in: found.parent, to: name, in: folder.staging) }
            _ = try await export.removeTreeIfPresent(name, in: folder.staging)
        }
    }

    private func putBack(
        _ archive: ArchiveRecord,
        from place: (parent: FileHandle, name: NFSName)?,
        in folder: ControllerFolder
    ) async throws {
        var archive = archive
        if let place {
            let basename = String(archive.from.split(separator: "/").last ?? "")
            let name = try await takeArchiveName(archive.to, else: basename, String(archive.id.suffix(8)), in: folder)
            defer { archiveNames.giveBack(name) }
            archive.to = name
            archive.state = .restoring
            try await write(archive, in: folder)
            try await export.rename(place.name, in: place.parent, to: try NFSName(name), in: folder.root.handle)
        } else {
            _ = try await directory(of: archive, in: folder)
        }
        archive.state = .archived
        archive.restore = nil
        try await write(archive, in: folder)
    }

    // MARK: Parts

    private func noteRestored(
        _ archive: ArchiveRecord,
        to place: RestorePlace,
        in folder: ControllerFolder
    ) async throws {
        let reason = "claim \(place.plan.claimKey) asked for it"
        let to = place.plan.path.description
        try await audit.append(AuditEntry(.restored, archive, path: archive.to, to: to, reason: reason), to: folder)
    }

    /// The archive's directory in the export's root, proven to be the one that was archived.
    func directory(of archive: ArchiveRecord, in folder: ControllerFolder) async throws -> Node {
        if let node = try await directoryIfPresent(of: archive, in: folder) { return node }
        throw ShareError("\(archive.to) is not on \(address): the archive \(archive.id) was moved or removed by hand")
    }

    /// Likewise.
    ///
    /// - Returns: nil if nothing is there.
    func directoryIfPresent(of archive: ArchiveRecord, in folder: ControllerFolder) async throws -> Node? {
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
