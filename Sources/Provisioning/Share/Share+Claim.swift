import NFS

extension ShareConnection {
    /// Updates a bound volume's record to what the cluster says of the volume now.
    ///
    /// - Parameters:
    ///   - volume: What the cluster says.
    ///   - name: The volume's name.
    ///   - path: The volume's directory: a record of another directory is another volume's.
    /// - Returns: Whether the record changed. A missing record is not created.
    /// - Throws: ``ShareError`` if the record cannot be read; `NFSError` when the share does not answer.
    func follow(_ volume: BoundVolume, named name: String, at path: VolumePath) async throws -> Bool {
        try await open { share in
            try await share.update(recordOf: name, at: path) { $0.follow(volume, in: share.cluster) }
        }
    }

    /// Removes the record of a volume that no longer exists.
    package func forget(volume: String) async throws {
        try await open { share in try await share.records.remove(VolumeRecord.self, volume) }
    }

    /// Drops a release that did not happen from a volume's record, if the directory is still in its place.
    ///
    /// - Returns: Whether the record changed.
    func dropRelease(ofVolume name: String, at path: VolumePath) async throws -> Bool {
        try await open { share in
            guard let (_, node) = try await share.locate(path) else { return false }
            return try await share.update(recordOf: name, at: path) { record in
                record.directory?.fileID == node.attributes.fileid && record.dropRelease()
            }
        }
    }
}

extension OpenShare {
    fileprivate func update(
        recordOf volume: String,
        at path: VolumePath,
        _ change: (inout VolumeRecord) -> Bool
    ) async throws -> Bool {
        guard var record = try await records.read(VolumeRecord.self, volume), record.path == path.description,
            change(&record)
        else { return false }
        try await records.write(record)
        return true
    }
}
