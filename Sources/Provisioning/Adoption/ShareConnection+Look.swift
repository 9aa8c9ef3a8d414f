import NFS

extension ShareConnection {
    /// Looks whether a volume's directory is there, also on a share that no controller of ours has used. Leaves no mark.
    package func look(at path: VolumePath) async -> DirectoryLook {
        do {
            return try await find(path)
        } catch {
            return .failed(reason: "\(error)")
        }
    }

    /// What the share knows of a volume; nil if it knows nothing, or nothing that can be read.
    package func recordIfReadable(ofVolume name: String) async -> VolumeRecord? {
        try? await open { share in try await share.records.read(VolumeRecord.self, name) }
    }

    private func find(_ path: VolumePath) async throws -> DirectoryLook {
        let root = try await export.remount()
        guard let (_, node) = try await export.locate(path, below: root) else { return .missing }
        let archiveName = try NFSName(ArchiveName.name(for: path.names.last ?? ""))
        let taken = try await export.lookupIfPresent(archiveName, in: root.handle) != nil
        return .there(fileID: node.attributes.fileid, archiveNameIsTaken: taken)
    }
}
