/// The audit log of an open share.
struct AuditTrail: Sendable {
    let log: AuditLog
    let folder: ControllerFolder

    /// Writes a line; it is on the server's disk when this returns.
    func append(_ entry: AuditEntry) async throws {
        try await log.append(entry, to: folder)
    }
}
