import Synchronization

/// The handle of an export's root, once it is known.
final class RootHandle: Sendable {
    private let handle = Mutex<FileHandle?>(nil)

    var known: FileHandle? { handle.withLock { $0 } }

    func learn(_ handle: FileHandle) { self.handle.withLock { $0 = handle } }
}
