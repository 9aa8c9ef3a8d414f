import Testing

@testable import NFS

@Suite struct CallWindowTests {
    @Test func letsInAsManyAsItsSizeAndThenOneForOne() async throws {
        let window = CallWindow(size: 2)
        #expect(window.enter() == nil)
        #expect(window.enter() == nil)
        let third = try #require(window.enter())
        let fourth = try #require(window.enter())
        window.leave()
        try await third.value()
        #expect(fourth.settle(.success(())), "the fourth was not let in yet")
    }

    @Test func passesOverThoseThatNoLongerWait() async throws {
        let window = CallWindow(size: 1)
        #expect(window.enter() == nil)
        let cancelled = try #require(window.enter())
        let waiting = try #require(window.enter())
        cancelled.settle(.failure(.cancelled))
        window.leave()
        try await waiting.value()
    }

    @Test func aTurnThatWasWithdrawnIsNotSettled() throws {
        let window = CallWindow(size: 1)
        #expect(window.enter() == nil)
        let withdrawn = try #require(window.enter())
        window.withdraw(withdrawn)
        window.leave()
        #expect(withdrawn.settle(.failure(.cancelled)))
        #expect(window.enter() == nil)
    }

    @Test func isFreeAgainWhenAllHaveLeft() {
        let window = CallWindow(size: 1)
        for _ in 1...3 {
            #expect(window.enter() == nil)
            window.leave()
        }
    }
}
