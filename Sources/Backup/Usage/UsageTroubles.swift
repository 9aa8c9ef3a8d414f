import Provisioning
import Synchronization

/// Remembers what could not be measured, so that each problem is logged once.
final class UsageTroubles: Sendable {
    /// A share, or a volume or an archive on it.
    private struct Subject: Hashable {
        let share: ShareAddress
        let name: String?
    }

    private let told = Mutex<[Subject: String]>([:])

    /// - Parameters:
    ///   - reason: Why something could not be measured.
    ///   - share: The share that it is on.
    ///   - name: The volume or the archive; nil if it was the whole share.
    /// - Returns: Whether this reason has not been logged yet.
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
