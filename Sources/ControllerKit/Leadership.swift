import Synchronization

/// The right to act as the one leader, for as long as the lease behind it is known to be ours.
///
/// Asked right before each write to shared storage. A process that was stopped and wakes after another took over finds
/// its leadership lapsed: the deadline counts from before the last renewal was sent, and the other's patience from
/// after it had seen that renewal.
///
/// The deadline is kept by `ContinuousClock`, which on Linux is `CLOCK_BOOTTIME`: it goes on while the machine sleeps.
package final class Leadership: Sendable {
    private let lapse: Mutex<ContinuousClock.Instant>

    init(deadline: ContinuousClock.Instant) {
        lapse = Mutex(deadline)
    }

    /// From when on another may lead; in the past once the lease is lost.
    package var deadline: ContinuousClock.Instant {
        lapse.withLock { $0 }
    }

    /// Whether no other can be leading now.
    package func isValid() -> Bool {
        ContinuousClock.now < deadline
    }

    func extend(to deadline: ContinuousClock.Instant) {
        lapse.withLock { $0 = deadline }
    }

    /// Ends it at once.
    func revoke() {
        lapse.withLock { $0 = min($0, .now) }
    }
}
