import Synchronization

/// Somebody who does something while something else is under way.
final class AdminOnShare: Sendable {
    let deed = Mutex<@Sendable () async throws -> Void>({})

    func act() async throws {
        let deed = deed.withLock { $0 }
        try await deed()
    }
}
