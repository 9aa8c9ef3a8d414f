/// The timing of a lease: how long it lasts and how often it is renewed.
package struct LeaseTiming: Sendable, Hashable {
    /// How long others wait after the last change they saw before they take the lease. Whole seconds.
    package let leaseDuration: Duration
    /// How long a leader leads without a renewal.
    package let renewDeadline: Duration
    /// The time between two attempts to renew and, extended at random, between two attempts to acquire the lease.
    package let retryPeriod: Duration

    /// The longest extension of the time between attempts to acquire the lease, as a factor, so that candidates do not
    /// try in step.
    static let jitter = 1.2

    /// 15 s, 10 s and 2 s, as in every Kubernetes component.
    package static let standard = LeaseTiming(
        leaseDuration: .seconds(15),
        renewDeadline: .seconds(10),
        retryPeriod: .seconds(2)
    )

    /// - Parameters:
    ///   - leaseDuration: In whole seconds; longer than `renewDeadline`.
    ///   - renewDeadline: Longer than ``jitter`` times `retryPeriod`.
    ///   - retryPeriod: The time between two attempts.
    package init(leaseDuration: Duration, renewDeadline: Duration, retryPeriod: Duration) {
        precondition(leaseDuration.components.attoseconds == 0, "a lease lasts whole seconds")
        precondition(leaseDuration > renewDeadline, "a lease outlasts the deadline for its renewal")
        precondition(renewDeadline > retryPeriod * Self.jitter, "a renewal is retried before it is overdue")
        self.leaseDuration = leaseDuration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }

    /// The end of a leadership that was last renewed by a request begun at `start`.
    ///
    /// A fifteenth of the lease is reserved for clock drift, and for a write in flight at the deadline.
    func deadline(renewedAt start: ContinuousClock.Instant) -> ContinuousClock.Instant {
        start + leaseDuration - leaseDuration / 15
    }
}
