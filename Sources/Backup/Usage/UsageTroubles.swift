import Provisioning
import Synchronization

/// What could not be measured, so that it is told once and not each time.
final class UsageTroubles: Sendable {
    /// A share, or a volume or an archive on it.
    private struct Subject: Hashable {
        let share: ShareAddress
        let name: String?
    }

    private let told = Mutex<[Subject: String]>([:])

    /// - Parameters:
    ///   - reason: Why something could not be measured.
    ///   - share: Where it was.
    ///   - name: The volume or the archive; nil if it was the whole share.
    /// - Returns: Whether nobody was told of it yet.
    func isNews(_ reason: String, on share: ShareAddress, name: String? = nil) -> Bool {
        told.withLock { $0.updateValue(reason, forKey: Subject(share: share, name: name)) != reason }
    }

    func ended(on share: ShareAddress, name: String? = nil) {
        told.withLock { $0[Subject(share: share, name: name)] = nil }
    }

    func isKnown(_ name: String, on share: ShareAddress) -> Bool {
        told.withLock { $0[Subject(share: share, name: name)] != nil }
    }
}
