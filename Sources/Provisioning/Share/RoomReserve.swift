import NFS
import Synchronization

/// Room on a share that is reserved for operations that make room: a full file system takes no record and no audit
/// line, so a purge, which writes both, could never begin. If there is no space, no inode or no quota left, one of its
/// few small files is removed, and made again when there is.
final class RoomReserve: Sendable {
    private static let names: [NFSName] = ["reserve-0", "reserve-1", "reserve-2", "reserve-3"]
    /// Bytes of one file.
    private static let size = 64 << 10

    private let whole = Mutex(false)

    /// Whether the whole reserve is known to exist. Until it does, nothing new may be made.
    var isWhole: Bool { whole.withLock { $0 } }

    /// Makes the missing files of the reserve, as far as there is room.
    ///
    /// - Returns: Whether it is whole.
    @discardableResult
    func fill(in folder: FileHandle, on export: Export) async throws(NFSError) -> Bool {
        do throws(NFSError) {
            for name in Self.names where try await export.lookupIfPresent(name, in: folder) == nil {
                // Random, because bytes that compress to nothing would reserve nothing.
                var generator = SystemRandomNumberGenerator()
                let bytes = (0..<Self.size / 8).flatMap { _ in
                    withUnsafeBytes(of: generator.next() as UInt64) { Array($0) }
                }
                try await export.writeFileAtomically(name, in: folder, bytes: bytes)
            }
            whole.withLock { $0 = true }
            return true
        } catch let error where error.code == .noSpace {
            whole.withLock { $0 = false }
            return false
        }
    }

    /// Runs a change, and again after giving up a part of the reserve, while there is no room for it.
    func makingRoom<Value>(
        in folder: FileHandle,
        on export: Export,
        _ change: () async throws -> Value
    ) async throws -> Value {
        while true {
            do {
                return try await change()
            } catch let error as NFSError where error.code == .noSpace {
                guard try await spend(in: folder, on: export) else { throw error }
            }
        }
    }

    /// Gives up a part of the reserve.
    ///
    /// - Returns: Whether there was any left.
    private func spend(in folder: FileHandle, on export: Export) async throws(NFSError) -> Bool {
        whole.withLock { $0 = false }
        for name in Self.names {
            do throws(NFSError) {
                try await export.remove(name, in: folder)
                return true
            } catch let error where error.code == .notFound {}
        }
        return false
    }
}
