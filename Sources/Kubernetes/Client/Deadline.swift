/// Runs `operation` for at most `limit`, then cancels it and waits for it to stop.
///
/// - Returns: What it returned; `nil` if it was cancelled, for want of time or because the task was.
package func withDeadline<Value: Sendable>(
    _ limit: Duration,
    _ operation: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
}

extension Task where Failure == Never {
    /// Waits for what the task returns, but no longer than the waiting task is cancelled. The task itself goes on.
    ///
    /// - Returns: `nil` when the waiting task was cancelled first.
    package func valueUnlessCancelled() async -> Success? {
        let (values, continuation) = AsyncStream.makeStream(of: Success.self)
        Task<Void, Never> {
            continuation.yield(await value)
            continuation.finish()
        }
        return await values.first { _ in true }
    }
}
