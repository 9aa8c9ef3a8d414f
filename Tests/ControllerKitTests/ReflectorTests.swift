import Kubernetes
import Logging
import ServiceLifecycle
import Synchronization
import TestBed
import Testing

@testable import ControllerKit

/// Against the real API server.
@Suite(.timeLimit(.minutes(10))) struct ReflectorTests {
    @Test func `L3: lists in pages, then follows every change`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let items = client.api(Item.self)
            try await Self.create(1_100, in: namespace, items)

            let subject = Subject(client, namespace)
            try await subject.running {
                try await subject.store.waitUntilSynced()
                #expect(subject.store.objects.count == 1_100)
                #expect(subject.store.objects(indexedBy: "n", value: "7").map(\.key.name) == ["item-7"])
                try await eventually("each is told") { subject.journal.applied.count == 1_100 }

                _ = try await items.create(Item(creating: "new", in: namespace, n: 7))
                _ = try await items.patch(Self.key("item-1", namespace), .merge(["spec": ["holderIdentity": "7"]]))
                try await items.delete(Self.key("item-7", namespace))
                try await eventually("the index shows them") {
                    Set(subject.store.objects(indexedBy: "n", value: "7").map(\.key.name)) == ["new", "item-1"]
                }
                try await eventually("the deletion is told") { subject.journal.deleted == ["item-7"] }
            }
        }
    }

    @Test func `L3: an outage is logged once, the store stays, and the watch goes on from where it was cut`()
        async throws
    {
        try await Cluster.withNamespace { direct, namespace in
            let items = direct.api(Item.self)
            try await Self.create(20, in: namespace, items)
            let (client, proxy) = try await Cluster.cuttableClient()
            let (logger, records) = RecordingLogHandler.logger()
            let subject = Subject(client, namespace, logger: logger)
            try await subject.running {
                try await subject.store.waitUntilSynced()
                proxy.cut()
                try await items.delete(Self.key("item-3", namespace))
                _ = try await items.create(Item(creating: "new", in: namespace, n: 100))
                try await eventually("the outage is noticed") { !records.messages.isEmpty }
                // Long enough for several tries, none of which may be logged.
                try await eventually("it is tried on", within: .seconds(180)) { proxy.refusals >= 4 }
                #expect(subject.store.objects.count == 20)
                proxy.mend()

                try await eventually("both changes arrive", within: .seconds(180)) {
                    subject.store[Self.key("new", namespace)] != nil && subject.journal.deleted == ["item-3"]
                }
                try await eventually("the recovery is logged") { records.messages.count == 2 }
            }
            let told = ["the API server does not answer or refuses; will retry", "the API server answers again"]
            #expect(records.messages == told)
            try await client.shutdown()
        }
    }

    @Test func `what was deleted while no reflector ran is told by the next list`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let items = client.api(Item.self)
            try await Self.create(3, in: namespace, items)
            let subject = Subject(client, namespace)
            try await subject.running { try await subject.store.waitUntilSynced() }
            try await items.delete(Self.key("item-0", namespace))
            _ = try await items.patch(Self.key("item-1", namespace), .merge(["spec": ["holderIdentity": "50"]]))
            try await subject.running {
                try await eventually("the deletion is told") { subject.journal.deleted == ["item-0"] }
                try await eventually("so is the change, and nothing else") {
                    subject.journal.applied == ["item-0", "item-1", "item-2", "item-1"]
                }
            }
        }
    }

    @Test func `R13: a deletion that the watch reports brings the last state; one that a list shows does not`()
        async throws
    {
        try await Cluster.withNamespace { client, namespace in
            let items = client.api(Item.self)
            try await Self.create(3, in: namespace, items)
            let subject = Subject(client, namespace)
            try await subject.running {
                try await subject.store.waitUntilSynced()
                // Right after one another: no worker could have seen the state in between.
                _ = try await items.patch(Self.key("item-0", namespace), .merge(["spec": ["holderIdentity": "50"]]))
                try await items.delete(Self.key("item-0", namespace))
                try await eventually("the deletion is told") { subject.journal.deleted == ["item-0"] }
                #expect(subject.journal.lastStates.map(\.n) == [50])
                #expect(subject.journal.lastStates.map(\.wasInStore) == [true])
            }
            _ = try await items.patch(Self.key("item-1", namespace), .merge(["spec": ["holderIdentity": "51"]]))
            try await items.delete(Self.key("item-1", namespace))
            try await subject.running {
                try await eventually("the deletion is told") { subject.journal.deleted == ["item-0", "item-1"] }
            }
            #expect(subject.journal.lastStates.count == 1)
        }
    }

    @Test func `objects that cannot be read are left out, and the others still come`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let items = client.api(Item.self)
            try await Self.create(5, in: namespace, items)
            let (logger, records) = RecordingLogHandler.logger()
            let subject = Subject(client, namespace, logger: logger)
            try await subject.running {
                try await subject.store.waitUntilSynced()
                let nonsense = Patch.merge(["spec": ["holderIdentity": "x"]])
                for index in 0..<4 {
                    // The answer cannot be read either, which is the point.
                    _ = try? await items.patch(Self.key("item-\(index)", namespace), nonsense)
                }
                _ = try await items.create(Item(creating: "after", in: namespace, n: 9))
                try await eventually("the watch or a new list goes on") {
                    subject.store[Self.key("after", namespace)] != nil
                }
            }
            #expect(records.metadata(of: "skipped an object that cannot be read").count >= 4)
        }
    }

    @Test func `L3: every quarter of an hour each object is shown again`() async throws {
        try await Cluster.withNamespace { client, namespace in
            try await Self.create(3, in: namespace, client.api(Item.self))
            let clock = TestClock()
            let subject = Subject(client, namespace, clock: clock)
            try await subject.running {
                try await subject.store.waitUntilSynced()
                for round in 1...2 {
                    try await eventually("the timer is set") { clock.earliestDeadline == .seconds(900 * round) }
                    clock.advance(by: .seconds(900))
                    try await eventually("all are shown") { subject.journal.resynced.count == 3 * round }
                }
            }
        }
    }

    @Test func `ends on graceful shutdown, in the midst of a watch`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let subject = Subject(client, namespace)
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: subject.reflector)], logger: Cluster.silent)
            )
            async let run: Void = group.run()
            try await subject.store.waitUntilSynced()
            await group.triggerGracefulShutdown()
            try await run
        }
    }

    private static func key(_ name: String, _ namespace: String) -> ObjectKey {
        ObjectKey(namespace: namespace, name: name)
    }

    /// Makes `item-0…`, sixteen at a time.
    private static func create(_ count: Int, in namespace: String, _ items: API<Item>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<16 {
                group.addTask {
                    for n in stride(from: worker, to: count, by: 16) {
                        _ = try await items.create(Item(creating: "item-\(n)", in: namespace, n: n))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// A reflector, its store, and what it told.
private struct Subject {
    let store = Store<Item>(indexers: ["n": { [String($0.spec.n)] }])
    let journal = Journal()
    let reflector: Reflector<Item>

    init(
        _ client: KubernetesClient,
        _ namespace: String,
        clock: some Clock<Duration> = ContinuousClock(),
        logger: Logger = Cluster.silent
    ) {
        reflector = Reflector(
            api: client.api(),
            store: store,
            namespace: namespace,
            clock: clock,
            logger: logger,
            onChange: journal.note,
            beforeDeletion: { [journal, store] in journal.note(last: $0, wasInStore: store[$0.key] != nil) }
        )
    }

    /// Runs the reflector for as long as `body` takes.
    func running(_ body: () async throws -> Void) async throws {
        let run = Task { await reflector.run() }
        defer { run.cancel() }
        try await body()
        run.cancel()
        await run.value
    }
}

private final class Journal: Sendable {
    private let changes = Mutex<[Change<Item>]>([])
    private let last = Mutex<[(n: Int, wasInStore: Bool)]>([])

    var lastStates: [(n: Int, wasInStore: Bool)] { last.withLock { $0 } }

    var applied: [String] { names { if case .applied = $0 { true } else { false } } }
    var deleted: [String] { names { if case .deleted = $0 { true } else { false } } }
    var resynced: [String] { names { if case .resynced = $0 { true } else { false } } }

    func note(_ change: Change<Item>) {
        changes.withLock { $0.append(change) }
    }

    func note(last item: Item, wasInStore: Bool) {
        last.withLock { $0.append((item.spec.n, wasInStore)) }
    }

    private func names(_ isWanted: (Change<Item>) -> Bool) -> [String] {
        changes.withLock { $0.filter(isWanted).map(\.object.key.name) }
    }
}
