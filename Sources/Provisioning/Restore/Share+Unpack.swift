import Kubernetes
import NFS

extension Share {
    /// Makes an archive of a copy. It is unpacked in the controller's folder, and gets its record and its place among the
    /// archives when it is whole. Can be run again after a crash anywhere.
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
        try await withFolder { folder in
            let name = try copy.stagingName
            try await requireNoVolume(copy.id, in: folder)
            let earlier = try await archiveIfPresent(copy.id, in: folder)
            if let earlier, earlier.state == .intent, earlier.unpackedFrom != nil {
                if let done = try await publish(earlier, name, in: folder) { return done }
            } else if let earlier {
                try await requireGone(earlier, in: folder)
            }
            _ = try await export.removeTreeIfPresent(name, in: folder.staging, callsAtOnce: Export.callsOfLongWork)
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
            let identity = DirectoryIdentity(top.attributes)
            let record = ArchiveRecord(copy, earlier, directory: identity, cluster: cluster)
            guard let done = try await publish(record, name, in: folder) else {
                throw ShareError("\(name) went away from the controller's folder on \(address): begin again")
            }
            return done
        }
    }

    /// Gives what was unpacked its record and its place.
    ///
    /// - Returns: nil if it is in neither of the places where it could be.
    private func publish(
        _ record: ArchiveRecord,
        _ stagingName: NFSName,
        in folder: ControllerFolder
    ) async throws -> ArchiveRecord? {
        var record = record
        let identity = record.directory
        func isIt(_ name: NFSName, in directory: FileHandle) async throws -> Bool {
            try await export.lookupIfPresent(name, in: directory)?.attributes.fileid == identity.fileID
        }
        if try await !isIt(NFSName(record.to), in: folder.root.handle) {
            guard try await isIt(stagingName, in: folder.staging) else { return nil }
            let suffix = String(record.id.suffix(8))
            let name = try await takeArchiveName(
                record.to,
                else: ArchiveName.basename(of: record.to),
                suffix,
                in: folder
            )
            defer { archiveNames.giveBack(name) }
            record.to = name
            try await write(record, in: folder)
            try await export.rename(stagingName, in: folder.staging, to: NFSName(name), in: folder.root.handle)
        }
        try await audit.append(AuditEntry(.unpacked, record, path: record.to, reason: record.reason), to: folder)
        record.state = .archived
        record.archivedAt = .now
        try await write(record, in: folder)
        return record
    }

    /// A volume that is not archived yet would later be taken for the archive that has its name.
    ///
    /// - Throws: ``ShareError`` if the share still has its directory.
    private func requireNoVolume(_ name: String, in folder: ControllerFolder) async throws {
        guard let record = try await read(VolumeRecord.self, name, in: folder), let directory = record.directory else {
            return
        }
        let path = try VolumePath(recorded: record.path)
        guard try await locate(path, in: folder)?.node.attributes.fileid == directory.fileID else { return }
        throw ShareError("\(path) on \(address) is still the directory of volume \(name): its data is not lost")
    }

    /// - Throws: ``ShareError`` if the share still has the archive's data, or somebody is at it.
    private func requireGone(_ archive: ArchiveRecord, in folder: ControllerFolder) async throws {
        switch archive.state {
        case .purged, .restored:
            return
        case .archived:
            guard try await directoryIfPresent(of: archive, in: folder) != nil else { return }
            throw ShareError(
                "the archive \(archive.id) is on \(address) as \(archive.to): restore that, or purge it before its copy"
            )
        case .purging:
            throw ShareError(
                "the archive \(archive.id) on \(address) is being purged: archive purge \(archive.id) --now goes on with it"
            )
        case .intent, .renamed, .restoring:
            throw unavailable(archive)
        }
    }
}

extension ArchiveCopy {
    /// What is made of it is called this in the controller's folder.
    fileprivate var stagingName: NFSName {
        get throws(ShareError) {
            guard let name = try? NFSName(Self.stagingPrefix + id), (try? NFSName(id + ".json")) != nil else {
                throw ShareError("the copy \(place) is of the archive \"\(id)\", which is no archive's id")
            }
            return name
        }
    }

    /// What such names begin with.
    static let stagingPrefix = "copy-"
}
