import Foundation
import Synchronization

/// Who is signed in with a browser. A cookie holds a random name of the session and nothing else; the token stays in this
/// process' memory, and is asked about again and again, so that a session ends when its token does.
final class ReportSessions: Sendable {
    /// How long a session lasts at most.
    static let lifetime = Duration.seconds(8 * 3600)
    private static let most = 1000

    private let tokens = Mutex(ExpiringCache<String, String>(limit: most))

    /// - Returns: The new session's name.
    func open(token: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let name = (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
        tokens.withLock { $0.keep(token, for: name, lifetime: Self.lifetime, at: .now) }
        return name
    }

    func token(of session: String) -> String? {
        tokens.withLock { $0.value(session, at: .now) }
    }

    func close(_ session: String) {
        tokens.withLock { $0.remove(session) }
    }
}
