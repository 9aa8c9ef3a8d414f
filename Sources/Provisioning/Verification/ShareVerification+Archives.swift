import Kubernetes
import NFS

extension ShareVerification {
    mutating func judgeArchives() {
        for archive in archiveRecords.values where archive.isOnShare { judge(archive) }
        let standing = archiveRecords.values.filter(\.isOnShare)
        for (directory, archives) in Dictionary(grouping: standing, by: \.to) where archives.count > 1 {
            noteShared(archives, directory)
        }
        for (fileID, archives) in Dictionary(grouping: standing, by: \.directory.fileID)
        where archives.count > 1 && Set(archives.map(\.to)).count > 1 {
            noteShared(archives, "file id \(fileID)")
        }
    }

    private mutating func noteShared(_ archives: [ArchiveRecord], _ directory: String) {
        note(
            .problem,
            .sharedArchive,
            directory,
            "archives \(archives.map(\.id).sorted().joined(separator: " and ")) name this directory, so none of them"
                + " is purged or restored; move the record of the wrong one away"
        )
    }

    private mutating func judge(_ archive: ArchiveRecord) {
        guard archive.archivePath != nil else {
            note(
                .problem,
                .unreadableRecord,
                "\(RecordFolder.archives.rawValue)/\(archive.id)",
                "the record says that the directory is \"\(archive.to)\", which is not an archive's name; correct it"
            )
            return
        }
        guard archive.state != .intent || archive.unpackedFrom == nil else {
            let message =
                "its restore from a copy has not finished; copy restore \(archive.copyOf ?? archive.id) continues it"
            return note(isSettled(archive.requestedAt) ? .problem : .info, .unfinishedArchive, archive.id, message)
        }
        let places = archive.possiblePaths.map { inventory.places[$0] ?? .absent }
        if places.contains(.directory(fileID: archive.directory.fileID)) {
            judgeProgress(of: archive)
        } else if let restoredVolume = restoredVolume(of: archive) {
            if isSettled(restoredVolume.createdAt) {
                noteUnfinishedRestore(of: archive, into: restoredVolume.volume, begun: restoredVolume.createdAt)
            }
        } else if let other = places.first(where: { $0 != .absent }) {
            var found = "not a directory"
            if case .directory(let fileID) = other { found = "file id \(fileID), not \(archive.directory.fileID)" }
            note(
                .problem,
                .replacedArchive,
                archive.id,
                "\(archive.to) is not the directory that was archived (\(found)): put the right one back if there"
                    + " is one; a share restored from a copy has new file ids everywhere"
            )
        } else if !inventory.trash.contains(where: { $0.description == archive.id }) {
            note(
                .problem,
                .missingArchive,
                archive.id,
                "its directory \(archive.to) is not there: put it back if it was moved, or move the record away if the"
                    + " data is gone"
            )
        }
    }

    /// The record of the volume that already has the archive's directory, although the archive's record does not say
    /// so.
    private func restoredVolume(of archive: ArchiveRecord) -> VolumeRecord? {
        volumeRecords.values.first { record in
            record.isMade(of: archive)
                && record.volumePath.map { inventory.places[$0] == .directory(fileID: archive.directory.fileID) }
                    ?? false
        }
    }

    /// Judges an archive that is in progress. The controller retries one that is being made for as long as its volume
    /// exists.
    private mutating func judgeProgress(of archive: ArchiveRecord) {
        if archive.state == .restoring { return judgeRestore(of: archive) }
        guard [.intent, .renamed].contains(archive.state), isSettled(archive.requestedAt), let cluster,
            archive.cluster == cluster.id,
            cluster.id != nil, !cluster.names.contains(archive.volumeName)
        else { return }
        note(
            .problem,
            .unfinishedArchive,
            archive.id,
            "archiving began at \(archive.requestedAt), and its volume is gone; a running controller finishes it within"
                + " an hour if its data is in \(archive.to); otherwise move the record away"
        )
    }

    /// Judges an archive that becomes a volume again. The controller retries that for as long as the claim exists.
    private mutating func judgeRestore(of archive: ArchiveRecord) {
        guard let restore = archive.restore, isSettled(restore.requestedAt), let cluster,
            volumeRecords[restore.volume].map(isOfThisCluster) ?? false, !cluster.names.contains(restore.volume)
        else { return }
        noteUnfinishedRestore(of: archive, into: restore.volume, begun: restore.requestedAt)
    }

    private mutating func noteUnfinishedRestore(of archive: ArchiveRecord, into volume: String, begun: Timestamp) {
        note(
            .problem,
            .unfinishedArchive,
            archive.id,
            "its restore into volume \(volume) began at \(begun) and has not finished: see the events of its claim; if"
                + " it is gone, the next claim that requests the archive gets it"
        )
    }
}
