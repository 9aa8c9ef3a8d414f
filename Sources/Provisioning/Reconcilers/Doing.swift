/// Does a piece of work and another beside it, such as noting an event of it: neither waits for the other, and both are
/// over in the end, however the work went.
///
/// - Parameters:
///   - work: What it is about.
///   - other: What is done meanwhile; cancelled only with the task.
/// - Returns: What the work returns.
/// - Throws: What the work throws.
package func doing<Value>(
    _ work: () async throws -> Value,
    meanwhile other: @escaping @Sendable () async -> Void
) async throws -> Value {
    async let otherIsDone: Void = other()
    let result: Result<Value, any Error>
    do { result = .success(try await work()) } catch { result = .failure(error) }
    await otherIsDone
    return try result.get()
}
