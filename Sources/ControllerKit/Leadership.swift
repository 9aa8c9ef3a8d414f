import Synchronization

/// The right to act as the only leader, while the lease behind it is known to be ours.
///
/// Check it right before each write to shared storage. A process that was suspended and resumes after another took over
/// finds its leadership expired: the deadline counts from before the last renewal was sent, and the other process waits
/// from after it saw that renewal.
///
/// The deadline is measured by `ContinuousClock`, which on Linux is `CLOCK_BOOTTIME`: it continues while the machine
/// sleeps.
package final class Leadership: Sendable {
    private let lapse: Mutex<ContinuousClock.Instant>

    init(deadline: ContinuousClock.Instant) {
        lapse = Mutex(deadline)
    }

    /// The time from which another process may lead; in the past once the lease is lost.
    package var deadline: ContinuousClock.Instant {
        lapse.withLock { $0 }
    }

    /// Whether no other process can be leading now.
    package func isValid() -> Bool {
        ContinuousClock.now < deadline
    }

    func extend(to deadline: ContinuousClock.Instant) {
        lapse.withLock { $0 = deadline }
    }

    /// Ends the leadership immediately.
    func revoke() {
        lapse.withLock { $0 = min($0, .now) }
    }
}
