/// Exponential delays with jitter and a ceiling.
///
/// A pure value: the caller counts the failures and supplies the source of randomness.
package struct Backoff: Sendable, Hashable {
    /// Delay after the first failure, before jitter.
    package let initial: Duration
    /// The longest delay, jitter included.
    package let maximum: Duration
    /// The random part of each delay, 0 to 1: 0 is none; 1 is “full jitter”, from nothing to the whole delay.
    package let jitter: Double

    /// - Parameters:
    ///   - initial: Delay after the first failure; each further failure doubles it.
    ///   - maximum: Ceiling of every delay.
    ///   - jitter: The random part of each delay, 0 to 1.
    package init(initial: Duration, maximum: Duration, jitter: Double) {
        self.initial = initial
        self.maximum = maximum
        self.jitter = jitter
    }

    /// The delays between retries of one key: 1 s, doubling to 5 min, the last fifth of each random.
    package static let reconcile = Backoff(initial: .seconds(1), maximum: .seconds(300), jitter: 0.2)

    /// The delays between retries of a list or watch: 0.8 s, doubling to 30 s, full jitter, so that clients do not
    /// overload a restarted API server.
    package static let apiServer = Backoff(initial: .milliseconds(800), maximum: .seconds(30), jitter: 1)

    /// Picks the delay before the next attempt.
    ///
    /// - Parameters:
    ///   - failures: Consecutive failures so far; 1 and less give ``initial``.
    ///   - generator: Source of the jitter.
    /// - Returns: The delay.
    package func delay(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        var delay = initial
        var doublings = failures - 1
        while doublings > 0, delay < maximum {
            delay *= 2
            doublings -= 1
        }
        return min(delay, maximum) * (1 - jitter * Double.random(in: 0...1, using: &generator))
    }

    /// Picks the delay before the next attempt with the system's randomness.
    package func delay(afterFailures failures: Int) -> Duration {
        var generator = SystemRandomNumberGenerator()
        return delay(afterFailures: failures, using: &generator)
    }
}
