import NFS
import Synchronization

/// How much of a copy is there.
final class CopyProgress: Sendable {
    private let latest = Mutex<CopiedTree?>(nil)

    var copied: CopiedTree? { latest.withLock { $0 } }

    func note(_ copied: CopiedTree) {
        latest.withLock { $0 = copied }
    }
}
