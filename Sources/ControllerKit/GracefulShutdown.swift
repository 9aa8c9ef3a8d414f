import ServiceLifecycle

/// Runs `operation`; once a graceful shutdown begins it has `grace` to end by itself, then it is cancelled.
///
/// - Parameters:
///   - grace: Time from the beginning of the shutdown to the cancellation.
///   - operation: Sees the shutdown itself too.
/// - Throws: What `operation` throws.
func withShutdownGrace(_ grace: Duration, _ operation: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await operation() }
        group.addTask {
            // Either wait ends by an error only when the operation has ended first, or all is cancelled anyway.
            guard (try? await gracefulShutdown()) != nil else { return }
            try? await Task.sleep(for: grace)
        }
        try await group.next()
        group.cancelAll()
        try await group.waitForAll()
    }
}
