import NFS

/// The audit log of an open share.
struct AuditTrail: Sendable {
    let log: AuditLog
    let folder: ControllerFolder
    let export: Export
    /// What lines may use where there is no other room; nil: nothing.
    var reserve: RoomReserve?

    /// Writes a line; it is on the server's disk when this returns.
    func append(_ entry: AuditEntry) async throws {
        guard let reserve else { return try await log.append(entry, to: folder) }
        try await reserve.makingRoom(in: folder.own, on: export) { try await log.append(entry, to: folder) }
    }
}
