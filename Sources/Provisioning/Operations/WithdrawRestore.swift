import Kubernetes
import NFS

extension Withdraw {
    /// Rolls back a ``Restore`` for a claim that was deleted before its volume existed: a moved archive is put back, a
    /// copy is removed.
    func withdrawRestore(_ record: VolumeRecord, _ request: RestoreRequest) async throws {
        let path = try VolumePath(recorded: record.path)
        let found = try await share.locate(path)
            .flatMap { isThat(record.directory, $0.node) ? $0 : nil }
        switch request.mode {
        case .move:
            try await share.withArchive(request.archive) { archive in
                let isNoted = archive.restore?.volume == record.volume
                guard
                    archive.state == .archived && found != nil || archive.state == .restoring && isNoted
                        || archive.state == .restored && isNoted
                else { return }
                var archive = archive
                archive.restore = archive.restore ?? ArchiveRecord.Restore(record)
                try await putBack(archive, from: found.map { ($0.parent, path.basename) })
            }
        case .copy:
            let name = try NFSName(record.volume)
            if let found { try await export.rename(path.basename, in: found.parent, to: name, in: folder.staging) }
            _ = try await export.removeTreeIfPresent(name, in: folder.staging)
        }
    }

    func putBack(
        _ archive: ArchiveRecord,
        from place: (directory: FileHandle, name: NFSName)?
    ) async throws {
        var archive = archive
        if let place {
            if archive.state != .restoring { try archive.advance(.restoreBegun) }
            try await records.write(archive)
            archive = try await share.putBack(archive, from: place)
        }
        _ = try await share.directory(of: archive)
        if archive.state != .archived { try archive.advance(.restoreWithdrawn) }
        archive.restore = nil
        try await records.write(archive)
    }
}

extension ArchiveRecord.Restore {
    /// The restore that a volume's record describes.
    init(_ record: VolumeRecord) {
        self.init(volume: record.volume, claim: record.claim, path: record.path, requestedAt: record.createdAt)
    }
}
