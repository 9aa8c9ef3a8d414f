import Synchronization

/// Somebody who does something, once, while something else is under way.
final class AdminOnShare: Sendable {
    let deed = Mutex<@Sendable () async throws -> Void>({})

    func act() async throws {
        let deed = deed.withLock { deed in
            defer { deed = {} }
            return deed
        }
        try await deed()
    }
}
