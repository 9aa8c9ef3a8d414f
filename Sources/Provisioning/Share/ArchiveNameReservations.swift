import Synchronization

/// Archive names that a rename under way in this process is about to take: NFS renames onto an empty directory without
/// a word, so two volumes of one basename must not find the same name free.
final class ArchiveNameReservations: Sendable {
    private let names = Mutex<Set<String>>([])

    /// - Returns: false if another has it.
    func take(_ name: String) -> Bool {
        names.withLock { $0.insert(name).inserted }
    }

    func giveBack(_ name: String) {
        _ = names.withLock { $0.remove(name) }
    }
}
