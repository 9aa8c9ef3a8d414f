import NFS
import Synchronization

/// Progress of a copy.
final class CopyProgress: Sendable {
    private let latest = Mutex<CopiedTree?>(nil)

    var copied: CopiedTree? { latest.withLock { $0 } }

    func note(_ copied: CopiedTree) {
        latest.withLock { $0 = copied }
    }
}
