import Testing

@testable import Kubernetes

@Suite("How long credentials are used")
struct CredentialTermTests {
    private let now = ContinuousClock.now
    private let wallClock = Timestamp(seconds: 1_000_000)

    @Test(arguments: [
        (3_600, 3_540), (120, 60), (60, 30), (30, 15), (15, 10), (1, 10),
        // Lapsed before they were handed out: a clock is wrong.
        (-3_600, 10),
    ])
    func theyAreRenewedAMinuteBeforeTheirEndOrHalfWay(lifetime: Int64, renewal: Int) {
        let term = CredentialTerm(
            expiration: Timestamp(seconds: wallClock.seconds + lifetime),
            pause: .seconds(10),
            now: now,
            wallClock: wallClock
        )
        #expect(term.renewal == now + .seconds(renewal))
        #expect(term.earliestRenewal == now + .seconds(10))
        #expect(term.end == now + .seconds(lifetime))
    }

    @Test func withoutAnEndTheServerDecides() {
        let term = CredentialTerm(expiration: nil, pause: .seconds(10), now: now, wallClock: wallClock)
        #expect(term.renewal == nil)
        #expect(term.end == nil)
    }
}
