/// How long a lease lasts and how often it is renewed.
package struct LeaseTiming: Sendable, Hashable {
    /// Others wait so long after the last change they saw before they take the lease. Whole seconds.
    package let leaseDuration: Duration
    /// The leader stops leading when it has not renewed for so long.
    package let renewDeadline: Duration
    /// Time between two tries to renew, and, stretched at random, between two tries to take the lease.
    package let retryPeriod: Duration

    /// Tries to take the lease are up to this much further apart, so that candidates do not try in step.
    static let jitter = 1.2

    /// 15 s, 10 s and 2 s, as every Kubernetes component has it.
    package static let standard = LeaseTiming(
        leaseDuration: .seconds(15),
        renewDeadline: .seconds(10),
        retryPeriod: .seconds(2)
    )

    /// - Parameters:
    ///   - leaseDuration: In whole seconds; longer than `renewDeadline`.
    ///   - renewDeadline: Longer than the longest time between two tries.
    ///   - retryPeriod: Time between two tries.
    package init(leaseDuration: Duration, renewDeadline: Duration, retryPeriod: Duration) {
        precondition(leaseDuration.components.attoseconds == 0, "a lease lasts whole seconds")
        precondition(leaseDuration > renewDeadline, "a lease outlasts the deadline for its renewal")
        precondition(renewDeadline > retryPeriod * Self.jitter, "a lease is tried again before its renewal is overdue")
        self.leaseDuration = leaseDuration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }

    /// When the leadership ends that was last renewed by a request begun at `start`.
    ///
    /// A fifteenth of the lease is given away for clocks that do not run at the same rate, and for a write that is on
    /// its way when the deadline comes.
    func deadline(renewedAt start: ContinuousClock.Instant) -> ContinuousClock.Instant {
        start + leaseDuration - leaseDuration / 15
    }
}
