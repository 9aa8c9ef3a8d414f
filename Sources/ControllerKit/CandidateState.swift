import Kubernetes

/// The state of the lease as one candidate knows it, and what the candidate may do: a value without I/O.
///
/// Times in a lease come from other machines' clocks and decide nothing. A lease counts as held for its own duration
/// after this candidate last saw it change (as in client-go's `leaderelection`).
struct CandidateState {
    enum Verdict: Hashable {
        /// There is no lease: create it.
        case create
        /// The lease is ours, was released, or has expired: write it.
        case patch(resourceVersion: String?)
        /// Another candidate holds it.
        case standBy(holder: String)
    }

    let identity: String
    private let timing: LeaseTiming
    /// The lease last seen, and when it was first seen so.
    private var observed: (lease: Lease, since: ContinuousClock.Instant)?
    /// The start of the request that last wrote the lease for us; `nil` while it is not ours.
    private(set) var renewedAt: ContinuousClock.Instant?

    init(identity: String, timing: LeaseTiming) {
        self.identity = identity
        self.timing = timing
    }

    /// The version of the lease last seen, precondition of every write.
    var resourceVersion: String? { observed?.lease.metadata.resourceVersion }

    /// Decides what to do about the lease that was just read, which is `nil` if there is none.
    mutating func read(_ lease: Lease?, at now: ContinuousClock.Instant) -> Verdict {
        if let lease {
            let isUnchanged = lease.spec == observed?.lease.spec
            observed = (lease, isUnchanged ? observed?.since ?? now : now)
        }
        // A deleted lease is waited out too: its holder does not know yet.
        if let holder = currentHolder(at: now), holder != identity {
            renewedAt = nil
            return .standBy(holder: holder)
        }
        guard lease != nil else {
            observed = nil
            return .create
        }
        return .patch(resourceVersion: resourceVersion)
    }

    /// Records that a request begun at `start` wrote the lease for us.
    mutating func wrote(_ lease: Lease, requestedAt start: ContinuousClock.Instant) {
        observed = (lease, start)
        renewedAt = start
    }

    /// Records that the lease is no longer held, although the API server may still name us.
    mutating func stepDown() {
        renewedAt = nil
    }

    /// The spec of the lease while we hold it; `now` is wall-clock time.
    func holding(at now: MicroTime) -> Lease.Spec {
        let previous = observed?.lease.spec
        let isOurs = previous?.holderIdentity == identity
        return Lease.Spec(
            holderIdentity: identity,
            leaseDurationSeconds: Int(timing.leaseDuration.components.seconds),
            acquireTime: isOurs ? previous?.acquireTime ?? now : now,
            renewTime: now,
            leaseTransitions: previous.map { ($0.leaseTransitions ?? 0) + (isOurs ? 0 : 1) } ?? 0
        )
    }

    /// The spec of the released lease, which any candidate may take immediately.
    func givenUp(at now: MicroTime) -> Lease.Spec {
        Lease.Spec(
            holderIdentity: "",
            leaseDurationSeconds: 1,
            acquireTime: observed?.lease.spec?.acquireTime,
            renewTime: now,
            leaseTransitions: observed?.lease.spec?.leaseTransitions
        )
    }

    /// The holder of the lease last seen; `nil` if it was released or has expired.
    private func currentHolder(at now: ContinuousClock.Instant) -> String? {
        guard let (lease, since) = observed, let holder = lease.spec?.holderIdentity, holder != "" else { return nil }
        let duration = lease.spec?.leaseDurationSeconds.map { Duration.seconds($0) } ?? timing.leaseDuration
        return now < since + duration ? holder : nil
    }
}
