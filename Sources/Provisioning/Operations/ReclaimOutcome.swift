/// What became of a released volume's directory.
package enum ReclaimOutcome: Sendable, Hashable {
    /// It is now `name` in the export's root.
    /// - `lacksBackup`: A backup is required, and no hook has made one.
    /// - `claimUnseen`: The claim's last annotations are unknown.
    case archived(name: String, lacksBackup: Bool = false, claimUnseen: Bool = false)
    case deleted
    /// Left where it is; the reason, where it is not what the class says.
    case retained(reason: String?)
    /// It was not there, on a share that is known to be the right one.
    case alreadyGone
}

extension ReclaimOutcome {
    init(archived record: ArchiveRecord) {
        self = .archived(
            name: record.to,
            lacksBackup: record.lacksBackup,
            claimUnseen: record.claimUnseen ?? false
        )
    }
}
