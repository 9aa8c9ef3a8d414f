/// What a share's audit log says of a time.
package struct AuditReading: Sendable, Hashable {
    /// Oldest first. After a crash a line may stand twice.
    package var entries: [AuditEntry] = []
    /// What of it cannot be read, a sentence a file.
    package var problems: [String] = []
}
