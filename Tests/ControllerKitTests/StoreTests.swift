import Testing

@testable import ControllerKit

@Suite(.timeLimit(.minutes(10))) struct StoreTests {
    @Test func `whoever waits for the first list goes on when it is there`() async throws {
        let store = Store<Item>()
        async let first: Void = store.waitUntilSynced()
        async let second: Void = store.waitUntilSynced()
        _ = store.replace(with: [Item("a", version: "1")], keeping: [], resourceVersion: "1")
        try await first
        try await second
        try await store.waitUntilSynced()
        #expect(store.isSynced)
        #expect(store.objects.count == 1)
    }

    @Test func `whoever waits in vain can be cancelled`() async {
        let store = Store<Item>()
        let waiter = Task { try await store.waitUntilSynced() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }
}
