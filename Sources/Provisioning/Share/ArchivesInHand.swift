import Synchronization

/// Archives whose state this process is changing: of two claims for one archive, or a claim and a purge, only one may
/// act on the state that it has read.
final class ArchivesInHand: Sendable {
    /// By the export's identity, whatever name its server goes by, and the archive's id.
    private let archives = Mutex<Set<[String]>>([])

    /// - Returns: false if another has it.
    func take(_ id: String, on exportID: String) -> Bool {
        archives.withLock { $0.insert([exportID, id]).inserted }
    }

    func giveBack(_ id: String, on exportID: String) {
        _ = archives.withLock { $0.remove([exportID, id]) }
    }
}
