/// For how long the outcome of a credential program's run is used.
struct CredentialTerm: Hashable, Sendable {
    /// When the program may run again.
    let earliestRenewal: ContinuousClock.Instant
    /// When it should; `nil` for when the server refuses what it handed out.
    let renewal: ContinuousClock.Instant?
    /// When what it handed out lapses; `nil` for never.
    let end: ContinuousClock.Instant?

    /// The term of credentials.
    ///
    /// - Parameters:
    ///   - expiration: When the credentials lapse, by the wall clock.
    ///   - pause: The least time between two runs, however short the credentials live or wrong this machine's clock is.
    ///   - now: When the program ended.
    ///   - wallClock: The same, by the wall clock.
    init(
        expiration: Timestamp?,
        pause: Duration,
        now: ContinuousClock.Instant,
        wallClock: Timestamp = .now
    ) {
        earliestRenewal = now + pause
        let lifetime = expiration.map { Duration.seconds($0.seconds - wallClock.seconds) }
        end = lifetime.map { now + $0 }
        // A minute before the end, or half way where there is less than two.
        renewal = lifetime.map { now + max(pause, $0 - min(.seconds(60), $0 / 2)) }
    }

    /// The term of a failure.
    init(failedAt now: ContinuousClock.Instant, pause: Duration) {
        earliestRenewal = now + pause
        renewal = earliestRenewal
        end = nil
    }
}
