import NFS

extension ShareConnection {
    /// Has a volume's record name the claim that the volume is bound to now.
    ///
    /// - Parameters:
    ///   - claim: The claim.
    ///   - notes: What it says.
    ///   - name: The volume's name.
    ///   - path: The volume's directory: a record of another directory is another volume's.
    /// - Returns: Whether the record changed. A volume without a record has none after.
    /// - Throws: ``ShareError`` if the record cannot be read; `NFSError` when the share does not answer.
    func follow(
        _ claim: ClaimReference,
        notes: ClaimNotes,
        ofVolume name: String,
        at path: VolumePath
    ) async throws -> Bool {
        try await open { share in
            try await share.update(recordOf: name, at: path) { $0.follow(claim, notes: notes) }
        }
    }

    /// Has a volume's record forget a release that did not happen: the directory is still in its place.
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
