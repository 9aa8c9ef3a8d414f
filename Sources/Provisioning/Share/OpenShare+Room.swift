import NFS

extension OpenShare {
    /// Runs a change that makes room. What it writes may use the reserve of a share that is full.
    func makingRoom<Value>(_ body: (OpenShare) async throws -> Value) async throws -> Value {
        let value = try await body(withReserve)
        if !reserve.isWhole { try await reserve.fill(in: folder.own, on: export) }
        return value
    }

    /// Writes what a removal should leave behind. On a share that has no room, not even a reserve, the removal comes first.
    ///
    /// - Returns: Whether it was written.
    func ifRoom<Value>(_ write: () async throws -> Value) async throws -> Bool {
        do {
            _ = try await write()
            return true
        } catch let error as NFSError where error.code == .noSpace {
            return false
        }
    }

    /// - Throws: ``ShareError`` while the share has no room for the reserve: what is new would take what a purge needs.
    func requireRoom() async throws {
        guard !reserve.isWhole, try await !reserve.fill(in: folder.own, on: export) else { return }
        throw try await full()
    }

    /// That the share is full, and how full.
    func full() async throws -> ShareError {
        let room = try await export.statistics()
        return ShareError(
            "\(address) is full: \(room.availableBytes >> 20) MiB and \(room.availableFiles) files are free of"
                + " \(room.totalBytes >> 20) MiB and \(room.totalFiles) files; purge archives or enlarge the file system"
        )
    }
}
