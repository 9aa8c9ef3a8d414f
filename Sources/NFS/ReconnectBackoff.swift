/// How long to leave a server alone after a connection to it failed, or broke before it answered anything: from 0.1 s,
/// doubled each time up to 5 s, each with up to half of it taken off at random, so that many clients of a server that
/// returns do not come all at once.
struct ReconnectBackoff {
    private static let first = Duration.milliseconds(100)
    private static let longest = Duration.seconds(5)

    private var failures = 0
    /// When the next attempt may be made.
    private(set) var nextAttempt = ContinuousClock.now

    mutating func failed(at now: ContinuousClock.Instant) {
        let pause = min(Self.first * (1 << min(failures, 10)), Self.longest)
        failures += 1
        nextAttempt = now + pause * Double.random(in: 0.5...1)
    }

    mutating func succeeded() { self = ReconnectBackoff() }
}
