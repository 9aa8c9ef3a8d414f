/// Runs `operation` for at most `limit`, then cancels it and waits for it to stop.
///
/// - Returns: The result of `operation`; `nil` if the time ran out or the task was cancelled.
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
    /// Waits for the task's value until the waiting task is cancelled. The task itself continues.
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
