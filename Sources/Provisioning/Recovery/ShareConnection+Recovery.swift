import Kubernetes
import NFS

extension ShareConnection {
    /// Reads the unreleased volumes of a share from their records.
    ///
    /// - Returns: Sorted by name, the volumes whose directory is where and what the record says; and one sentence for
    ///   each problem.
    package func recoverableVolumes() async throws -> (volumes: [RecoveredVolume], problems: [String]) {
        try await open { share in try await share.recoverableVolumes() }
    }
}

extension OpenShare {
    func recoverableVolumes() async throws -> (volumes: [RecoveredVolume], problems: [String]) {
        var volumes: [RecoveredVolume] = []
        var problems: [String] = []
        for name in try await records.names(of: VolumeRecord.self).sorted() {
            do {
                if let volume = try await recoverableVolume(name) { volumes.append(volume) }
            } catch let error as ShareError {
                problems.append(error.description)
            }
        }
        return (volumes, problems)
    }

    /// - Returns: nil for a volume that was released, or for which nothing was ever made.
    private func recoverableVolume(_ name: String) async throws -> RecoveredVolume? {
        guard let record = try await records.read(VolumeRecord.self, name), record.release == nil,
            let directory = record.directory
        else { return nil }
        // A controller that was killed right after it archived a volume left the volume's record behind.
        if let archive = try await records.read(ArchiveRecord.self, name), archive.state != .intent { return nil }
        guard let path = try? VolumePath(recorded: record.path), let found = try await locate(path),
            found.node.attributes.fileid == directory.fileID
        else {
            let restore = record.restoredFrom.map {
                ", or the restore of archive \($0.archive) into it did not finish"
            }
            throw ShareError(
                "\(name): \(record.path) on \(address) is gone, or is not the volume's directory\(restore ?? "");"
                    + " a share restored from a copy has new file ids everywhere"
            )
        }
        guard let volume = RecoveredVolume(record, on: address.export, exportID: folder.exportID) else {
            throw ShareError("\(name): its record does not name its claim or its size")
        }
        return volume
    }
}
