import NFS

extension ShareConnection {
    /// Has a volume's record say its new size, so that it is recovered with it. A volume without a record has none after.
    func note(capacity: String, of volume: String) async throws {
        try await open { share in try await share.note(capacity: capacity, of: volume) }
    }

    /// Removes the record of a volume that is no more.
    package func forget(volume: String) async throws {
        try await open { share in try await share.records.remove(VolumeRecord.self, volume) }
    }
}

extension OpenShare {
    func note(capacity: String, of volume: String) async throws {
        guard var record = try await records.read(VolumeRecord.self, volume), record.release == nil,
            record.capacity != capacity
        else { return }
        record.capacity = capacity
        try await records.write(record)
    }
}
