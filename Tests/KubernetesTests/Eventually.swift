import Testing

/// Waits until `condition` holds, at most half a minute.
func eventually(
    _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try await !condition() {
        guard .now < deadline else {
            Issue.record("the condition did not come true", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(20))
    }
}
