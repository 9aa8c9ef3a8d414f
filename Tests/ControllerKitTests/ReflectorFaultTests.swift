import Kubernetes
import NIOHTTP1
import Synchronization
import TestBed
import Testing

@testable import ControllerKit

/// What the real API server does only after hours, played by a fake one.
@Suite(.timeLimit(.minutes(10))) struct ReflectorFaultTests {
    typealias Step = ScriptedServer.Step

    private static let expired = #"{"kind":"Status","code":410,"reason":"Expired","message":"too old"}"#
    private static let tooNew =
        #"{"kind":"Status","code":504,"reason":"Timeout","message":"Too large resource version","#
        + #""details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}]}}"#

    @Test(arguments: [
        Step.answer(.gone, body: expired),
        .stream([#"{"type":"ERROR","object":\#(expired)}"# + "\n"]),
        .stall([#"{"type":"ERROR","object":\#(expired)}"# + "\n"]),
    ])
    func `L3: an expired version, by status or by event, asks for a list that tells deletions`(gone: Step) async throws
    {
        let uris = try await play([
            page("100", ["a@1", "b@2"]),
            gone,
            page("200", ["b@2"]),
            .stall([]),
        ]) { deleted, store in
            try await eventually("the deletion is told") { deleted() == ["a"] }
            #expect(store.objects.map(\.key.name) == ["b"])
        }
        try #require(uris.count == 4)
        #expect(uris[0].contains("limit=500") && !uris[0].contains("resourceVersion"))
        #expect(uris[1].contains("watch=1") && uris[1].contains("resourceVersion=100"))
        #expect(uris[2].contains("resourceVersion=100") && uris[2].contains("resourceVersionMatch=NotOlderThan"))
        #expect(!uris[2].contains("limit"))
        #expect(uris[3].contains("watch=1") && uris[3].contains("resourceVersion=200"))
    }

    @Test func `a version the server has not reached asks once more, for the most recent list`() async throws {
        let uris = try await play([
            page("100", ["a@1"]),
            .answer(.gone, body: Self.expired),
            .answer(.gatewayTimeout, body: Self.tooNew),
            page("50", []),
            .stall([]),
        ]) { deleted, _ in
            try await eventually("the deletion is told") { deleted() == ["a"] }
        }
        try #require(uris.count == 5)
        #expect(uris[3].contains("limit=500") && !uris[3].contains("resourceVersion"))
        #expect(uris[4].contains("resourceVersion=50"))
    }

    @Test func `L3: a watch that ends is followed by the next, from the bookmark`() async throws {
        let bookmark = #"{"type":"BOOKMARK","object":{"kind":"Lease","metadata":{"resourceVersion":"170"}}}"# + "\n"
        let uris = try await play([
            page("100", ["a@1"]),
            .stream([bookmark]),
            .stall([]),
        ]) { _, _ in }
        try #require(uris.count == 3)
        #expect(uris[2].contains("resourceVersion=170"))
    }

    @Test func `a list too large to read is read in pages, and those halved`() async throws {
        let fat = page("200", ["fat@\(String(repeating: "1", count: 4_000))"])
        var limits = limits
        limits.answerBytes = 2_000
        let uris = try await play(
            [
                page("100", ["a@1"]), .answer(.gone, body: Self.expired), fat, fat,
                page("200", ["b@2"]), .stall([]),
            ],
            limits: limits
        ) { deleted, _ in
            try await eventually("the deletion is told") { deleted() == ["a"] }
        }
        try #require(uris.count == 6)
        #expect(uris[2].contains("NotOlderThan"))
        #expect(uris[3].contains("limit=500") && !uris[3].contains("resourceVersion"))
        #expect(uris[4].contains("limit=250"))
    }

    @Test func `what a list has but nobody can read stays as it was, until its deletion is told`() async throws {
        let unreadable = #"{"metadata":{"namespace":"n","name":"a","resourceVersion":"250"},"spec":{}}"#
        let list = #"{"kind":"LeaseList","metadata":{"resourceVersion":"200"},"items":[\#(unreadable)]}"#
        _ = try await play([
            page("100", ["a@1", "b@2"]),
            .answer(.gone, body: Self.expired),
            .answer(.ok, body: list),
            .stall([#"{"type":"DELETED","object":\#(unreadable)}"# + "\n"]),
        ]) { deleted, store in
            try await eventually("both deletions are told") { deleted() == ["b", "a"] }
            #expect(store.objects.isEmpty)
        }
    }

    @Test func `a page token that has expired starts the list again, and nothing of the first is left`() async throws {
        let uris = try await play([
            page("100", ["a@1", "b@2"], continue: "t"),
            .answer(.gone, body: Self.expired),
            page("120", ["b@2"]),
            .stall([]),
        ]) { deleted, store in
            try await eventually("the list is complete") { store.isSynced }
            #expect(store.objects.map(\.key.name) == ["b"])
            #expect(deleted() == [])
        }
        #expect(uris[1].contains("continue=t"))
        #expect(!uris[2].contains("continue"))
    }

    /// Runs a reflector against a script until all of it was asked for and `body` is done.
    ///
    /// - Returns: What was asked.
    private func play(
        _ script: [Step],
        limits: ClientLimits? = nil,
        _ body: (_ deleted: () -> [String], Store<Item>) async throws -> Void
    ) async throws -> [String] {
        let server = try await ScriptedServer.start(script)
        let client = KubernetesClient(
            configuration: try ClusterConfiguration(server: server.address),
            limits: limits ?? self.limits,
            logger: Cluster.silent
        )
        let store = Store<Item>()
        let deleted = Names()
        let reflector = Reflector(api: client.api(Item.self), store: store, logger: Cluster.silent) { change in
            if case .deleted(let item) = change { deleted.add(item.key.name) }
        }
        let run = Task { await reflector.run() }
        defer { run.cancel() }
        try await body({ deleted.all }, store)
        try await eventually("the script is played") { server.received.count == script.count }
        run.cancel()
        await run.value
        try await client.shutdown()
        return server.received.map(\.uri)
    }

    /// The client repeats nothing by itself, so that each answer meets the reflector.
    private var limits: ClientLimits {
        var limits = ClientLimits()
        limits.attempts = 1
        return limits
    }

    private func page(_ version: String, _ items: [String], continue token: String = "") -> Step {
        let objects = items.map { item in
            let parts = item.split(separator: "@")
            return #"{"metadata":{"namespace":"n","name":"\#(parts[0])","uid":"u","resourceVersion":"\#(parts[1])"},"#
                + #""spec":{"holderIdentity":"1"}}"#
        }
        return .answer(
            .ok,
            body: #"{"kind":"LeaseList","metadata":{"resourceVersion":"\#(version)","continue":"\#(token)"},"#
                + #""items":[\#(objects.joined(separator: ","))]}"#
        )
    }
}

private final class Names: Sendable {
    private let names = Mutex<[String]>([])

    var all: [String] { names.withLock { $0 } }

    func add(_ name: String) { names.withLock { $0.append(name) } }
}
