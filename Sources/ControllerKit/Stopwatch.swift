/// A clock read as the time since the stopwatch was made, so that state machines count in plain ``Duration``s
/// whatever clock drives them.
struct Stopwatch: Sendable {
    private let elapsed: @Sendable () -> Duration
    private let sleepUntil: @Sendable (Duration) async throws -> Void

    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        sleepUntil = { try await clock.sleep(until: start.advanced(by: $0), tolerance: nil) }
    }

    var now: Duration { elapsed() }

    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until instant: Duration) async throws {
        try await sleepUntil(instant)
    }

    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws {
        try await sleepUntil(now + duration)
    }
}
