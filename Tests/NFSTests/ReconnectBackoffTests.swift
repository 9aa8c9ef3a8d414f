import Testing

@testable import NFS

@Suite struct ReconnectBackoffTests {
    @Test func growsToFiveSecondsWithJitterAndBeginsAnewAfterSuccess() {
        let now = ContinuousClock.now
        var backoff = ReconnectBackoff()
        #expect(backoff.nextAttempt <= .now)
        for expected in [100, 200, 400, 800, 1600, 3200, 5000, 5000] {
            backoff.failed(at: now)
            let pause = backoff.nextAttempt - now
            #expect(pause <= .milliseconds(expected) && pause >= .milliseconds(expected) / 2)
        }
        for _ in 0..<100 { backoff.failed(at: now) }
        #expect(backoff.nextAttempt - now <= .seconds(5))
        backoff.succeeded()
        #expect(backoff.nextAttempt <= .now)
    }
}
