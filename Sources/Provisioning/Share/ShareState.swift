import Logging
import NFS
import Synchronization

/// State of one export in this process, whatever names and options connect to it.
final class ShareState: Sendable {
    let folder = SingleFlight<ControllerFolder>()
    let archiveNames = ArchiveNameReservations()
    let index = RecordIndex()
    let reserve = RoomReserve()
}

/// Archive names that a rename under way in this process is about to take: NFS silently renames onto an empty
/// directory, so two volumes of one basename must not find the same name free.
final class ArchiveNameReservations: Sendable {
    private let names = Mutex<Set<String>>([])

    /// - Returns: false if the name is reserved already.
    func take(_ name: String) -> Bool {
        names.withLock { $0.insert(name).inserted }
    }

    func giveBack(_ name: String) {
        _ = names.withLock { $0.remove(name) }
    }
}

/// Context that all shares of a process have in common.
struct ShareContext: Sendable {
    /// The cluster that the process works for, once it is known.
    let cluster: @Sendable () -> String?
    /// The identity that the share of an export must have (S7: no other share is used).
    let expectedIdentity: @Sendable (ExportPath) -> ExpectedIdentity
    /// Runs the admin's hooks at each lifecycle phase.
    let hooks: any VolumeHooks
    /// Limits how many volumes' hooks run at a time, which leaves workers for volumes without hooks.
    let hookSlots = ConcurrencyLimiter<String>(limit: 8)
    let archiveLocks = ArchiveLocks()
    /// Receives every catalogue that was read to its end.
    let onCatalogue: @Sendable (_ export: ExportPath, _ catalogue: [CatalogueEntry]) -> Void
    let makeExport: @Sendable (ShareAddress, Logger) -> Export
    let logger: Logger
}
