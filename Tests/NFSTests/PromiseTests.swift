import Testing

@testable import NFS

@Suite struct PromiseTests {
    @Test func theFirstToSettleItWins() async throws {
        let promise = Promise<Int>()
        #expect(promise.settle(.success(1)))
        #expect(!promise.settle(.success(2)))
        #expect(try await promise.value() == 1)
    }

    @Test func wakesWhoWaits() async throws {
        let promise = Promise<Int>()
        async let value = promise.value()
        await Task.yield()
        promise.settle(.success(1))
        #expect(try await value == 1)
    }

    @Test func cancellationEndsTheWaitAndLaterOutcomesFallFlat() async {
        let promise = Promise<Int>()
        let task = Task { try await promise.value() }
        task.cancel()
        let result = await task.result
        #expect(throws: RPCFailure.cancelled) { try result.get() }
        #expect(!promise.settle(.success(1)))
    }

    @Test func aWaitDespiteCancellationGoesOn() async throws {
        let promise = Promise<Int>()
        let task = Task { try await promise.value(despiteCancellation: true) }
        task.cancel()
        #expect(promise.settle(.success(1)))
        #expect(try await task.value == 1)
    }
}
