import Synchronization

/// Locks of this process's operations on archives: of two claims for one archive, or a claim and a purge, only one may
/// change the state that it has read, and none may while another reads the data.
final class ArchiveLocks: Sendable {
    enum Mode: Sendable {
        /// Changes the archive's state, or moves its directory.
        case exclusive
        /// Reads its data, alongside others.
        case shared
    }

    private enum Holder {
        case one
        case readers(Int)
    }

    /// By the export's identity, whatever name its server goes by, and the archive's id.
    private struct Key: Hashable {
        let exportID: String
        let archive: String
    }

    private let holders = Mutex<[Key: Holder]>([:])

    /// - Returns: false if another operation holds a conflicting lock.
    func acquire(_ archive: String, on exportID: String, _ mode: Mode) -> Bool {
        holders.withLock { holders in
            let key = Key(exportID: exportID, archive: archive)
            switch (mode, holders[key]) {
            case (.exclusive, nil): holders[key] = .one
            case (.shared, nil): holders[key] = .readers(1)
            case (.shared, .readers(let count)): holders[key] = .readers(count + 1)
            case (.exclusive, .some), (.shared, .one): return false
            }
            return true
        }
    }

    func release(_ archive: String, on exportID: String) {
        holders.withLock { holders in
            let key = Key(exportID: exportID, archive: archive)
            if case .readers(let count) = holders[key], count > 1 {
                holders[key] = .readers(count - 1)
            } else {
                holders[key] = nil
            }
        }
    }
}
