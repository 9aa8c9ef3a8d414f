/// How often the API server may still be asked about tokens nobody has asked about lately: whoever guesses tokens is slow.
struct ReviewAllowance {
    private static let most = 50.0
    private static let perSecond = 10.0

    private var left = most
    private var countedAt: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) {
        countedAt = now
    }

    /// - Returns: false where the allowance is used up for now.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        left = min(Self.most, left + (now - countedAt) / .seconds(1) * Self.perSecond)
        countedAt = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
