/// What a report says of one volume's or archive's backup.
package enum BackupVerdict: String, Codable, CaseIterable, Sendable {
    /// Backed up, or nothing is to be done for it yet.
    case ok
    /// Well, but somebody should look: such as a volume that must be backed up when no hook would.
    case warning
    /// A hook failed last.
    case failed
    /// It must be backed up and no hook has run.
    case missing
    /// Something should have happened by now: an archive that stays unfinished, a purge that is due.
    case overdue
    /// It could not be looked at.
    case unknown

    /// What somebody has to act on first.
    static let byUrgency: [BackupVerdict] = [.failed, .missing, .overdue, .unknown, .warning, .ok]

    /// Its place in ``byUrgency``.
    var urgency: Int { Self.byUrgency.firstIndex(of: self) ?? Self.byUrgency.count }
}
