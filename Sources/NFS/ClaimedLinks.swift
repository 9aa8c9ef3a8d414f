import Synchronization

/// Which files with several names, found in the destination of a copy, stand for a file of the source already.
final class ClaimedLinks: Sendable {
    private let fileids = Mutex<Set<UInt64>>([])

    /// - Returns: `false` if the file is taken.
    func claim(_ fileid: UInt64) -> Bool { fileids.withLock { $0.insert(fileid).inserted } }
}
