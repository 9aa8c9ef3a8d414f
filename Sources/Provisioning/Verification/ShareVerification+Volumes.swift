import Kubernetes
import NFS

extension ShareVerification {
    mutating func judgeVolumeRecords() {
        var others = 0
        for record in volumeRecords.values {
            if cluster != nil, !isOfThisCluster(record) { others += 1 }
            if let path = record.volumePath {
                judge(record, at: path)
            } else {
                note(
                    .problem,
                    .unreadableRecord,
                    "\(RecordFolder.volumes.rawValue)/\(record.volume)",
                    "the record says that the directory is \"\(record.path)\", which is not a volume's path; correct it"
                )
            }
        }
        if others > 0 {
            note(
                .info,
                .otherCluster,
                "\(others)",
                "number of volume records that belong to another cluster or name none"
            )
        }
    }

    func isOfThisCluster(_ record: VolumeRecord) -> Bool {
        record.cluster != nil && record.cluster == cluster?.id
    }

    private mutating func judge(_ record: VolumeRecord, at path: VolumePath) {
        let isWithoutVolume =
            isOfThisCluster(record) && !(cluster?.names.contains(record.volume) ?? true) && isSettled(record.lastChange)
        if hasLeft(record) {
            if isWithoutVolume { noteLeftover(record, "the volume is gone") }
        } else if record.release?.action == .retain {
            judgeRetained(record, at: path)
        } else if record.directory == nil {
            if isWithoutVolume { noteLeftover(record, "the directory was never made") }
        } else if isChanging(record.volume) || isBeingRestored(record) {
            return
        } else if noteFault(of: record.volume, at: path, fileID: record.directory?.fileID) {
            return
        } else if isWithoutVolume {
            note(
                .problem,
                .abandonedVolume,
                record.volume,
                "\(record.path) has no volume in the cluster and was never released; run recover to create the volume"
                    + " again, or move the directory away, and the record \(record.file)"
            )
        }
    }

    /// Whether the directory is still the archive's, or a copy that is being made.
    private func isBeingRestored(_ record: VolumeRecord) -> Bool {
        guard let request = record.restoredFrom else { return false }
        return switch request.mode {
        case .move:
            archiveRecords[request.archive].map { $0.isOnShare && $0.directory == record.directory } ?? false
        case .copy:
            inventory.staging.contains { $0.description == record.volume }
        }
    }

    /// Whether the volume came, went or was released while the share was read.
    private func isChanging(_ volume: String) -> Bool {
        (cluster?.names.contains(volume) ?? false) && !steadyVolumes.contains(volume)
    }

    /// Whether its directory was archived, deleted or given to another volume since, or is about to be.
    func hasLeft(_ record: VolumeRecord) -> Bool {
        if record.release?.action == .delete { return true }
        guard let archive = archiveRecords[record.volume] else { return false }
        return archive.state != .intent || !isInPlace(archive.from, archive)
    }

    private func isInPlace(_ path: String, _ archive: ArchiveRecord) -> Bool {
        guard let path = VolumePath(record: path) else { return false }
        return inventory.places[path] == .directory(fileID: archive.directory.fileID)
    }

    private mutating func judgeRetained(_ record: VolumeRecord, at path: VolumePath) {
        if inventory.places[path] == .absent {
            noteLeftover(record, "the volume was released and retained, and its directory is gone")
        } else if cluster.map({ !$0.names.contains(record.volume) }) ?? true {
            let reason = record.release?.reason.map { " (\($0))" } ?? ""
            note(
                .info,
                .retainedVolume,
                record.volume,
                "\(record.path) was released and retained\(reason): it stays until you remove it"
            )
        }
    }

    private mutating func noteLeftover(_ record: VolumeRecord, _ why: String) {
        note(.info, .leftoverRecord, record.volume, "\(why), and the record \(record.file) can be removed")
    }

    mutating func judgeClusterVolumes() {
        for volume in cluster?.volumes ?? [] where volume.isOurs {
            let record = volumeRecords[volume.name]
            if record == nil, archiveRecords[volume.name] == nil, !unreadableVolumes.contains(volume.name) {
                note(
                    .info,
                    .unrecordedVolume,
                    volume.name,
                    "another provisioner made the volume \(volume.path): it has no record until it is released"
                )
            }
            if record.map(hasLeft) ?? (archiveRecords[volume.name] != nil) { continue }
            _ = noteFault(of: volume.name, at: volume.path, fileID: volume.fileID)
        }
    }

    /// - Returns: Whether there was a fault.
    private mutating func noteFault(of volume: String, at path: VolumePath, fileID: UInt64?) -> Bool {
        switch inventory.places[path] ?? .absent {
        case .absent:
            note(
                .problem,
                .missingVolume,
                volume,
                "its directory \(path) is not there: put it back if it was moved, or delete the volume if its data is gone"
            )
        case .obstructed(let reason):
            note(.problem, .replacedVolume, volume, reason)
        case .directory(let found):
            guard let fileID, fileID != found else { return false }
            note(
                .problem,
                .replacedVolume,
                volume,
                "\(path) is not the volume's directory (file id \(found), not \(fileID)): put the right one back"
                    + " if there is one; a share restored from a copy has new file ids everywhere"
            )
        }
        return true
    }
}

extension VolumeRecord {
    /// When the volume last changed, as far as the record says.
    fileprivate var lastChange: Timestamp { release?.at ?? createdAt }

    fileprivate var file: String { "\(ControllerFolder.name)/\(RecordFolder.volumes.rawValue)/\(volume).json" }
}
