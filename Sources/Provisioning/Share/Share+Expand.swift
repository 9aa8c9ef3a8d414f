import NFS

extension Share {
    /// Has a volume's record say its new size, so that it is recovered with it. A volume without a record has none after.
    func note(capacity: String, of volume: String) async throws {
        try await withFolder { folder in
            guard var record = try await read(VolumeRecord.self, volume, in: folder), record.release == nil,
                record.capacity != capacity
            else { return }
            record.capacity = capacity
            try await write(record, in: folder)
        }
    }
}
