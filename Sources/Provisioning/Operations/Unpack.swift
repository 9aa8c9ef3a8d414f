import Kubernetes
import NFS

extension ShareConnection {
    /// Makes an archive of a copy. It is unpacked in the controller's folder, and gets its record and its place among the
    /// archives when it is whole. Can be run again after a crash anywhere, and by two processes at the same time: each
    /// has a name of its own there, and the one that begins later takes away what the other has.
    ///
    /// - Parameters:
    ///   - copy: The copy.
    ///   - cluster: The cluster that it is restored for; nil where that is not known.
    ///   - tar: The copy's tar archive. It throws if the copy is not what was written.
    ///   - onProgress: Told what was unpacked so far, a few times a second.
    /// - Returns: The archive's record.
    /// - Throws: ``ShareError`` if the share has that archive or its volume; `TarError`, `NFSError`, and what `tar` throws: nothing is
    ///   left of what was unpacked then, as far as the share can be reached.
    package func unpack(
        _ copy: ArchiveCopy,
        cluster: String?,
        tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void
    ) async throws -> ArchiveRecord {
        try await open { share in
            try await Unpack(share: share).run(copy, cluster: cluster, tar: tar, onProgress: onProgress)
        }
    }
}

/// Makes an archive of a copy.
struct Unpack: ShareOperation {
    let share: OpenShare

    func run(
        _ copy: ArchiveCopy,
        cluster: String?,
        tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        onProgress: @escaping @Sendable (UnpackedTree) -> Void
    ) async throws -> ArchiveRecord {
        let name = try copy.newStagingName(export.randomNumber())
        try await requireNoVolume(copy.id)
        let earlier = try await share.archiveIfPresent(copy.id)
        let staged = try await stagingNames(of: copy.id)
        if let earlier, earlier.state == .intent, earlier.unpackedFrom != nil {
            for name in staged where try await isIt(earlier.directory, name, in: folder.staging) {
                if let done = try await publish(earlier, name, after: earlier) { return done }
            }
            if let done = try await publish(earlier, name, after: earlier) { return done }
        } else if let earlier {
            try await requireGone(earlier)
        }
        for other in staged { try await discard(other, of: copy) }
        let top = try await export.makeDirectory(name, in: folder.staging, mode: 0o700)
        do {
            _ = try await export.unpack(
                tar,
                into: top.handle,
                callsAtOnce: Export.callsOfLongWork,
                onProgress: onProgress
            )
        } catch {
            // A cancelled task makes no change; this one is still owed. If it fails, the next run does it.
            await Task { _ = try? await export.removeTreeIfPresent(name, in: folder.staging) }.value
            throw error
        }
        let identity = identity(of: top)
        let record = ArchiveRecord(copy, earlier, directory: identity, cluster: cluster)
        guard let done = try await publish(record, name, after: earlier) else {
            throw ShareError("\(name) went away from the controller's folder on \(address): begin again")
        }
        return done
    }

    /// What processes that were at an archive have left in the controller's folder, or are at.
    private func stagingNames(of id: String) async throws -> [NFSName] {
        var names: [NFSName] = []
        for try await entry in export.entries(of: folder.staging)
        where ArchiveCopy.id(ofStaging: entry.name.description) == id { names.append(entry.name) }
        return names
    }

    /// Takes a name away first, so that nobody publishes what is being removed.
    private func discard(_ name: NFSName, of copy: ArchiveCopy) async throws {
        let rubbish = try copy.newStagingName(export.randomNumber())
        guard try await export.renameIfPresent(name, in: folder.staging, to: rubbish, in: folder.staging) else {
            return
        }
        _ = try await export.removeTreeIfPresent(rubbish, in: folder.staging, callsAtOnce: Export.callsOfLongWork)
    }

    private func isIt(_ identity: DirectoryIdentity, _ name: NFSName, in directory: FileHandle) async throws -> Bool {
        isThat(identity, try await export.lookupIfPresent(name, in: directory))
    }

    /// Gives what was unpacked its record and its place.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - stagingName: Where the directory is.
    ///   - earlier: The record that was there when this began: another since is that of somebody who was faster.
    /// - Returns: nil if it is in neither of the places where it could be.
    /// - Throws: ``ShareError`` if somebody was faster; `NFSError`.
    private func publish(
        _ record: ArchiveRecord,
        _ stagingName: NFSName,
        after earlier: ArchiveRecord?
    ) async throws -> ArchiveRecord? {
        var record = record
        let identity = record.directory
        if try await !isIt(identity, NFSName(record.to), in: folder.root.handle) {
            guard try await isIt(identity, stagingName, in: folder.staging) else { return nil }
            let suffix = String(record.id.suffix(8))
            let name = try await ArchiveNames(share: share).take(
                record.to,
                else: ArchiveName.basename(of: record.to),
                suffix,
                id: record.id
            )
            defer { share.archiveNames.giveBack(name) }
            record.to = name
            guard try await share.archiveIfPresent(record.id) == earlier else {
                try await giveWay(record, stagingName)
            }
            try await records.write(record)
            try await export.rename(stagingName, in: folder.staging, to: NFSName(name), in: folder.root.handle)
            guard try await share.archiveIfPresent(record.id)?.directory.isSame(as: identity) ?? false else {
                try await export.rename(NFSName(name), in: folder.root.handle, to: stagingName, in: folder.staging)
                try await giveWay(record, stagingName)
            }
        }
        try await audit.append(AuditEntry(.unpacked, record, path: record.to, reason: record.reason))
        try record.advance(.copyUnpacked)
        record.archivedAt = .now
        try await records.write(record)
        return record
    }

    /// Another process has made the archive meanwhile.
    private func giveWay(
        _ record: ArchiveRecord,
        _ stagingName: NFSName
    ) async throws -> Never {
        _ = try await export.removeTreeIfPresent(stagingName, in: folder.staging, callsAtOnce: Export.callsOfLongWork)
        throw ShareError(
            "the archive \(record.id) on \(address) is being restored from a copy by somebody else as well"
        )
    }

    /// A volume that is not archived yet would later be taken for the archive that has its name.
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

    /// - Throws: ``ShareError`` if the share still has the archive's data, or somebody is at it.
    private func requireGone(_ archive: ArchiveRecord) async throws {
        switch archive.state {
        case .purged, .restored, .lost:
            return
        case .archived:
            guard try await !share.isInTrash(archive), try await Restore.volume(restoredFrom: archive, on: share) == nil
            else {
                throw ShareError(
                    "the archive \(archive.id) on \(address) is just being purged or restored: it is not lost"
                )
            }
            guard try await share.directoryIfPresent(of: archive) != nil else { return }
            throw ShareError(
                "the archive \(archive.id) is on \(address) as \(archive.to): restore that, or purge it before its copy"
            )
        case .purging:
            throw ShareError(
                "the archive \(archive.id) on \(address) is being purged: archive purge \(archive.id) --now goes on with it"
            )
        case .intent, .renamed, .restoring:
            throw share.unavailable(archive)
        }
    }
}

extension ArchiveCopy {
    /// What is made of it is called this in the controller's folder, each time another name.
    fileprivate func newStagingName(_ number: UInt64) throws(ShareError) -> NFSName {
        let token = String(number, radix: 16)
        guard let name = try? NFSName("\(Self.stagingPrefix)\(id)~\(token)"), (try? NFSName(id + ".json")) != nil else {
            throw ShareError("the copy \(place) is of the archive \"\(id)\", which is no archive's id")
        }
        return name
    }

    /// What such names begin with.
    private static let stagingPrefix = "copy-"

    /// Whose copy is called this in the controller's folder; nil: it is none. No volume's name has a tilde.
    static func id(ofStaging name: String) -> String? {
        guard name.hasPrefix(stagingPrefix) else { return nil }
        return name.dropFirst(stagingPrefix.count).split(separator: "~").first.map(String.init)
    }
}
