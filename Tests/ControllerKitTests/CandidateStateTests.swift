import Kubernetes
import Testing

@testable import ControllerKit

@Suite struct CandidateStateTests {
    private let start = ContinuousClock.now
    private let wallClock = MicroTime(microseconds: 1_000_000)

    private func candidate(_ identity: String = "me") -> CandidateState {
        CandidateState(identity: identity, timing: .standard)
    }

    private func lease(_ holder: String?, renewed: Int64 = 1, version: String = "7", seconds: Int? = 15) -> Lease {
        let spec = Lease.Spec(
            holderIdentity: holder,
            leaseDurationSeconds: seconds,
            acquireTime: MicroTime(microseconds: 1),
            renewTime: MicroTime(microseconds: renewed),
            leaseTransitions: 3
        )
        return Lease(metadata: ObjectMeta(name: "l", namespace: "n", resourceVersion: version), spec: spec)
    }

    @Test func `L1: a lease has the times every Kubernetes component has`() {
        let timing = LeaseTiming.standard
        #expect(timing.leaseDuration == .seconds(15))
        #expect(timing.renewDeadline == .seconds(10))
        #expect(timing.retryPeriod == .seconds(2))
    }

    @Test func `where there is no lease it is created`() {
        var candidate = candidate()
        #expect(candidate.read(nil, at: start) == .create)
        #expect(candidate.holding(at: wallClock).leaseTransitions == 0)
    }

    @Test(arguments: ["", nil])
    func `a lease that was given up is taken at once`(holder: String?) {
        var candidate = candidate()
        #expect(candidate.read(lease(holder), at: start) == .patch(resourceVersion: "7"))
    }

    @Test func `another's lease is taken only when it was not seen to change for its own duration`() {
        var candidate = candidate()
        #expect(candidate.read(lease("other", seconds: 30), at: start) == .standBy(holder: "other"))
        #expect(candidate.read(lease("other", seconds: 30), at: start + .seconds(29)) == .standBy(holder: "other"))
        #expect(candidate.read(lease("other", seconds: 30), at: start + .seconds(30)) == .patch(resourceVersion: "7"))
    }

    @Test func `each change that is seen starts the wait anew, whatever the times in it say`() {
        var candidate = candidate()
        _ = candidate.read(lease("other", renewed: 1), at: start)
        _ = candidate.read(lease("other", renewed: 2), at: start + .seconds(14))
        #expect(candidate.read(lease("other", renewed: 2), at: start + .seconds(28)) == .standBy(holder: "other"))
        #expect(candidate.read(lease("other", renewed: 2), at: start + .seconds(29)) == .patch(resourceVersion: "7"))
    }

    @Test func `a change of the lease's metadata alone is no sign of life`() {
        var candidate = candidate()
        _ = candidate.read(lease("other", version: "7"), at: start)
        #expect(candidate.read(lease("other", version: "8"), at: start + .seconds(15)) == .patch(resourceVersion: "8"))
    }

    @Test func `a lease without a duration is given ours`() {
        var candidate = candidate()
        _ = candidate.read(lease("other", seconds: nil), at: start)
        #expect(candidate.read(lease("other", seconds: nil), at: start + .seconds(14)) == .standBy(holder: "other"))
        #expect(candidate.read(lease("other", seconds: nil), at: start + .seconds(15)) == .patch(resourceVersion: "7"))
    }

    @Test func `a lease deleted under its holder is waited out before a new one is made`() {
        var candidate = candidate()
        _ = candidate.read(lease("other"), at: start)
        #expect(candidate.read(nil, at: start + .seconds(14)) == .standBy(holder: "other"))
        #expect(candidate.read(nil, at: start + .seconds(15)) == .create)
    }

    @Test func `our own lease is written again at once`() {
        var candidate = candidate()
        #expect(candidate.read(lease("me"), at: start) == .patch(resourceVersion: "7"))
    }

    @Test func `a leader that finds another in its place leads no more`() {
        var candidate = candidate()
        candidate.wrote(lease("me"), requestedAt: start)
        #expect(candidate.renewedAt == start)
        #expect(candidate.read(lease("other"), at: start + .seconds(1)) == .standBy(holder: "other"))
        #expect(candidate.renewedAt == nil)
    }

    @Test func `taking a lease counts a transition and sets the time, renewing does neither`() {
        var candidate = candidate()
        _ = candidate.read(lease(""), at: start)
        let taken = candidate.holding(at: wallClock)
        #expect(taken.holderIdentity == "me")
        #expect(taken.leaseDurationSeconds == 15)
        #expect(taken.leaseTransitions == 4)
        #expect(taken.acquireTime == wallClock)
        #expect(taken.renewTime == wallClock)

        candidate.wrote(Lease(metadata: ObjectMeta(resourceVersion: "8"), spec: taken), requestedAt: start)
        let renewed = candidate.holding(at: MicroTime(microseconds: 2_000_000))
        #expect(renewed.leaseTransitions == 4)
        #expect(renewed.acquireTime == wallClock)
        #expect(renewed.renewTime == MicroTime(microseconds: 2_000_000))
        #expect(candidate.resourceVersion == "8")
    }

    @Test func `given up, a lease names nobody`() {
        var candidate = candidate()
        candidate.wrote(lease("me"), requestedAt: start)
        #expect(candidate.givenUp(at: wallClock).holderIdentity == "")
        #expect(candidate.givenUp(at: wallClock).leaseTransitions == 3)
    }

    /// The property behind the fencing of writes: whoever waits a lease's duration from any moment after the leader's
    /// last request was sent begins only when the leader's own deadline has passed.
    @Test(arguments: [Duration.zero, .milliseconds(1), .seconds(3)])
    func `L6: the old leader's deadline comes before any other can take the lease`(delay: Duration) {
        var old = candidate("old")
        var new = candidate("new")
        let renewed = lease("old", renewed: 2)
        old.wrote(renewed, requestedAt: start)
        let seen = start + delay
        _ = new.read(renewed, at: seen)
        let deadline = LeaseTiming.standard.deadline(renewedAt: start)
        #expect(new.read(renewed, at: deadline) == .standBy(holder: "old"))
        #expect(deadline + .seconds(1) <= seen + .seconds(15))
    }

    @Test func `L6: leadership lapses at its deadline, and at once when revoked`() {
        let leadership = Leadership(deadline: .now + .seconds(60))
        #expect(leadership.isValid())
        leadership.extend(to: .now - .nanoseconds(1))
        #expect(!leadership.isValid())
        leadership.extend(to: .now + .seconds(60))
        #expect(leadership.isValid())
        leadership.revoke()
        #expect(!leadership.isValid())
    }
}
