import Testing

/// Waits until `condition` holds; an issue is recorded if it does not within `limit`.
///
/// - Parameters:
///   - what: What is waited for, for the issue.
///   - limit: How long to wait.
///   - sourceLocation: Where the issue is shown.
///   - condition: Asked every few milliseconds.
/// - Throws: What the condition throws.
package func eventually(
    _ what: String = "what was waited for",
    within limit: Duration = .seconds(120),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not happen within \(limit): \(what)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
