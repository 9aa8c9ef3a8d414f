import Kubernetes
import NFS

extension ShareConnection {
    /// Makes an archive from a copy. The copy is unpacked in the controller's folder, and gets its record and its place
    /// among the archives once it is complete. This can be repeated after a crash at any point, and by two processes at
    /// the same time: each has a name of its own there, and the one that begins later removes what the other has
    /// unpacked.
    ///
    /// The archive has the id of the one that was copied only if the share has no record of that (A14: a record of its
    /// own): a record describes one directory, and what other operations still do to it.
    ///
    /// - Parameters:
    ///   - copy: The copy.
    ///   - cluster: The cluster that it is restored for; nil if unknown.
    ///   - seconds: After how long a restore that has written its record, but not moved its directory, counts as
    ///     interrupted.
    ///   - tar: The copy's tar archive. It throws if the copy differs from what was written.
    ///   - onProgress: Receives what was unpacked so far, a few times a second.
    /// - Returns: The archive's record.
    /// - Throws: ``ShareError`` if the share has that archive or its volume; `TarError`, `NFSError`, and what `tar`
    ///   throws, after which what was unpacked is removed, as far as the share can be reached.
    package func unpack(
        _ copy: ArchiveCopy,
        cluster: String?,
        interruptedAfter seconds: Int64 = 600,
        tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void
    ) async throws -> ArchiveRecord {
        try await open { share in
            try await Unpack(share: share, copy: copy, cluster: cluster, interruptedAfter: seconds)
                .run(tar, onProgress)
        }
    }
}

/// Makes an archive from a copy.
struct Unpack: ShareOperation {
    let share: OpenShare
    let copy: ArchiveCopy
    let cluster: String?
    let interruptedAfter: Int64

    func run(
        _ tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        _ onProgress: @escaping @Sendable (UnpackedTree) -> Void
    ) async throws -> ArchiveRecord {
        let name = try copy.newStagingName(export.randomNumber())
        try await requireNoVolume(copy.id)
        let known = try await archives()
        let staged = try await stagingNames()
        // Unfinished archives first: a complete one ends this, and they would stay as they are.
        for archive in known where archive.isBeingUnpacked {
            if let done = try await resume(archive, staged) { return done }
        }
        for archive in known where !archive.isBeingUnpacked {
            do {
                try await requireGone(archive)
            } catch {
                for other in staged { try await discard(other) }
                throw error
            }
        }
        for other in staged { try await discard(other) }
        let top = try await export.makeDirectory(name, in: folder.staging, mode: 0o700)
        do {
            _ = try await export.unpack(
                tar,
                into: top.handle,
                callsAtOnce: Export.callsOfLongWork,
                onProgress: onProgress
            )
        } catch {
            // A cancelled task makes no changes, but this removal is still due. If it fails, the next run does it.
            await Task { _ = try? await export.removeTreeIfPresent(name, in: folder.staging) }.value
            throw error
        }
        let earlier = known.first { $0.id == copy.id }
        return try await publish(ArchiveRecord(copy, earlier, directory: identity(of: top), cluster: cluster), name)
    }

    /// The archive that was copied, and those made from its copies.
    private func archives() async throws -> [ArchiveRecord] {
        var found: [ArchiveRecord] = []
        if let archive = try await share.archiveIfPresent(copy.id) { found.append(archive) }
        for archive in try await share.index.archives(records) where archive.copyOf == copy.id {
            if let record = try await share.archiveIfPresent(archive.id) { found.append(record) }
        }
        return found
    }

    /// Names in the controller's folder that restores of this copy have left there, or are using.
    private func stagingNames() async throws -> [NFSName] {
        var names: [NFSName] = []
        for try await entry in export.entries(of: folder.staging)
        where ArchiveCopy.id(ofStaging: entry.name.description) == copy.id { names.append(entry.name) }
        return names
    }

    /// Removes an unpacked copy. It is renamed first, so that no process publishes it meanwhile.
    private func discard(_ name: NFSName) async throws {
        let rubbish = try copy.newStagingName(export.randomNumber())
        guard try await export.renameIfPresent(name, in: folder.staging, to: rubbish, in: folder.staging) else {
            return
        }
        _ = try await export.removeTreeIfPresent(rubbish, in: folder.staging, callsAtOnce: Export.callsOfLongWork)
    }

    private func isIt(_ identity: DirectoryIdentity, _ name: NFSName, in directory: FileHandle) async throws -> Bool {
        isThat(identity, try await export.lookupIfPresent(name, in: directory))
    }

    // MARK: A record and a place

    /// Creates a record for what was unpacked, which no other process writes, and moves it to its place.
    private func publish(_ unpacked: ArchiveRecord, _ stagingName: NFSName) async throws -> ArchiveRecord {
        let basename = ArchiveName.basename(of: unpacked.to)
        var record = unpacked
        while true {
            let name = try await ArchiveNames(share: share)
                .take(record.to, else: basename, String(record.id.suffix(8)), id: record.id)
            defer { share.archiveNames.giveBack(name) }
            record.to = name
            if try await records.create(record) { return try await move(record, from: stagingName) }
            // The id is that of the copied archive, or of one that another process is making from a copy.
            let token = String(export.randomNumber() & 0xFFFF, radix: 16)
            record.id = "\(copy.id)-\(token)"
            (record.copyOf, record.volume) = (copy.id, unpacked.volumeName)
            record.to = ArchiveName.name(for: basename, suffix: token)
        }
    }

    private func move(_ record: ArchiveRecord, from stagingName: NFSName) async throws -> ArchiveRecord {
        let (root, name) = (folder.root.handle, try NFSName(record.to))
        if try await !export.renameIfPresent(stagingName, in: folder.staging, to: name, in: root),
            // A call that was retransmitted finds nothing to rename.
            try await !isIt(record.directory, name, in: root)
        {
            try await records.remove(ArchiveRecord.self, record.id)
            throw ShareError(
                "archive \(copy.id) on \(address): another command is restoring it from a copy; nothing was made;"
                    + " try again when that is done"
            )
        }
        return try await finish(record)
    }

    private func finish(_ unfinished: ArchiveRecord) async throws -> ArchiveRecord {
        var record = unfinished
        try await audit.append(AuditEntry(.unpacked, record, path: record.to, reason: record.reason))
        try record.advance(.copyUnpacked)
        record.archivedAt = .now
        try await records.write(record)
        share.index.note(record)
        return record
    }

    /// Resumes a restore that was interrupted after it had written its record.
    ///
    /// - Returns: nil if nothing is left of what was unpacked.
    /// - Throws: ``ShareError`` while it may be under way.
    private func resume(_ archive: ArchiveRecord, _ staged: [NFSName]) async throws -> ArchiveRecord? {
        let writtenAt = try await records.writtenAt(archive)
        guard let writtenAt, try await Int64(share.serverTime().seconds) - writtenAt.seconds >= interruptedAfter else {
            throw ShareError(
                "archive \(archive.id) on \(address): another command may be finishing it; try again in"
                    + " \(interruptedAfter / 60) minutes"
            )
        }
        if try await isIt(archive.directory, NFSName(archive.to), in: folder.root.handle) {
            return try await finish(archive)
        }
        for name in staged where try await isIt(archive.directory, name, in: folder.staging) {
            return try await move(archive, from: name)
        }
        try await noteLost(archive, "its unpacked data is gone")
        return nil
    }

    /// - Throws: ``ShareError`` while another operation works on the archive, or if its record has changed.
    private func noteLost(_ archive: ArchiveRecord, _ reason: String) async throws {
        try await share.withArchive(archive.id) { now in
            guard now.state == archive.state, now.directory == archive.directory else { throw share.unavailable(now) }
            try await share.noteLost(now, reason)
        }
    }

    /// Checks that the volume of that name is gone: once released, it would be mistaken for the archive of its name.
    ///
    /// - Throws: ``ShareError`` if the share still has its directory.
    private func requireNoVolume(_ name: String) async throws {
        guard let record = try await records.read(VolumeRecord.self, name), let directory = record.directory else {
            return
        }
        let path = try VolumePath(recorded: record.path)
        guard isThat(directory, try await share.locate(path)?.node) else { return }
        throw ShareError("\(path) on \(address) is still the directory of volume \(name): its data is not lost")
    }

    private func isMovedIntoVolume(_ archive: ArchiveRecord) async throws -> Bool {
        // An unreadable record may be the one.
        try await records.all(of: VolumeRecord.self).contains { $0.readable?.isMade(of: archive) ?? true }
    }

    /// Checks that the archive's data is gone. Records an archive whose directory was removed by hand as lost.
    ///
    /// - Throws: ``ShareError`` if the share still has the archive's data, or another operation is using it.
    private func requireGone(_ archive: ArchiveRecord) async throws {
        switch archive.state {
        case .purged, .restored, .lost:
            return
        case .archived:
            guard try await share.directoryIfPresent(of: archive) == nil else {
                throw ShareError(
                    "archive \(archive.id) on \(address): it still exists as \(archive.to); restore that, or purge it"
                        + " before you restore its copy"
                )
            }
            // The archive may be elsewhere for a moment. A move into a volume writes the volume's record first, and a
            // rollback puts the archive back before it removes that record; so its place is checked once more.
            guard try await !isMovedIntoVolume(archive), try await !share.isInTrash(archive),
                try await !ArchiveTrash(share: share).isBeingRemoved(archive),
                try await share.directoryIfPresent(of: archive) == nil
            else {
                throw ShareError(
                    "archive \(archive.id) on \(address): it is being purged or restored, not lost; try again later"
                )
            }
            try await noteLost(archive, "its directory was gone when its copy was restored")
        case .purging:
            throw ShareError(
                "archive \(archive.id) on \(address): it is being purged; archive purge \(archive.id) finishes it"
            )
        case .intent, .renamed, .restoring:
            throw share.unavailable(archive)
        }
    }
}

extension ArchiveCopy {
    /// A name for an unpacked copy in the controller's folder; `number` makes it unique.
    fileprivate func newStagingName(_ number: UInt64) throws(ShareError) -> NFSName {
        let token = String(number, radix: 16)
        guard let name = try? NFSName("\(Self.stagingPrefix)\(id)~\(token)"), (try? NFSName(id + ".json")) != nil else {
            throw ShareError("copy \(place): \"\(id)\" is not an archive's id")
        }
        return name
    }

    /// The prefix of such names.
    private static let stagingPrefix = "copy-"

    /// The id of the archive whose copy has this name in the controller's folder; nil for any other name. No volume's
    /// name contains a tilde.
    static func id(ofStaging name: String) -> String? {
        guard name.hasPrefix(stagingPrefix) else { return nil }
        return name.dropFirst(stagingPrefix.count).split(separator: "~").first.map(String.init)
    }
}

extension ArchiveRecord {
    /// Whether it is made from a copy, and its directory may not be in its place yet.
    fileprivate var isBeingUnpacked: Bool { state == .intent && unpackedFrom != nil }
}
