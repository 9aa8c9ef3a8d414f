import Testing

@testable import NFS

@Suite struct CallsInFlightTests {
    private let start = ContinuousClock.now
    private let calls = CallsInFlight(window: 4)

    @Test func aCallWithoutAnAnswerWithinItsPatienceShowsThatTheyAreLost() {
        _ = send(at: 0)
        #expect(!calls.areLost(at: start + .seconds(9)))
        #expect(calls.areLost(at: start + .seconds(10)))
    }

    @Test func anAnswerToAnotherGivesItFurtherPatience() {
        _ = send(at: 0)
        finish(send(at: 0), at: 4)
        #expect(!calls.areLost(at: start + .seconds(13)))
        #expect(calls.areLost(at: start + .seconds(14)))
    }

    @Test func aCallbackInWhichTheServerWasNotHeardGivesNone() {
        _ = send(at: 0)
        finish(send(at: 0), at: 4, heard: false)
        #expect(calls.areLost(at: start + .seconds(10)))
        #expect(!calls.wereAnswered)
    }

    @Test func thoseThatTheServerPassesOverMayHoldHalfTheWindow() {
        _ = (send(at: 0), send(at: 0))
        finish(send(at: 0), at: 12)
        #expect(!calls.areLost(at: start + .seconds(13)))
        _ = send(at: 0)
        #expect(calls.areLost(at: start + .seconds(13)))
    }

    @Test func noneInFlightAreNeverLost() {
        finish(send(at: 0), at: 1)
        #expect(calls.isEmpty && !calls.areLost(at: start + .seconds(1000)))
    }

    @Test func aNewConnectionWasNotHeardYet() {
        finish(send(at: 0), at: 1)
        #expect(calls.wereAnswered)
        calls.connected()
        #expect(!calls.wereAnswered)
    }

    @Test func knowsOfChangesUntilTheyAreFinished() {
        _ = send(at: 0)
        #expect(!calls.hasChanges)
        let change = send(at: 0, changing: true)
        #expect(calls.hasChanges)
        finish(change, at: 1)
        #expect(!calls.hasChanges)
    }

    private func send(at seconds: Int, changing: Bool = false) -> Int {
        calls.sent(changing: changing, at: start + .seconds(seconds), patience: .seconds(10))
    }

    private func finish(_ id: Int, at seconds: Int, heard: Bool = true) {
        calls.finished(id, heard: heard, at: start + .seconds(seconds))
    }
}
