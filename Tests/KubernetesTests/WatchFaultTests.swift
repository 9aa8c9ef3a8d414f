import Logging
import Synchronization
import TestBed
import Testing

@testable import Kubernetes

@Suite("A watch in trouble", .timeLimit(.minutes(10)))
struct WatchFaultTests {
    private func volumes(_ server: ScriptedServer, limits: ClientLimits = ClientLimits()) throws -> API<
        PersistentVolume
    > {
        let configuration = try ClusterConfiguration(server: server.address)
        return KubernetesClient(configuration: configuration, limits: limits, logger: Logger(label: "test")).api()
    }

    private func line(_ name: String, _ version: Int) -> String {
        #"{"type":"ADDED","object":{"metadata":{"name":"\#(name)","resourceVersion":"\#(version)"}}}"# + "\n"
    }

    /// What a watch brought, and how it ended.
    private func follow(
        _ volumes: API<PersistentVolume>
    ) async -> (versions: [String?], failure: KubernetesError?) {
        var versions: [String?] = []
        do {
            try await volumes.watch(from: "1") { event throws(KubernetesError) in
                switch event {
                case .added(let object): versions.append(object.metadata.resourceVersion)
                case .undecodable(let object, _): versions.append(object.resourceVersion)
                default: versions.append("other")
                }
            }
            return (versions, nil)
        } catch {
            return (versions, error)
        }
    }

    @Test func eventsCutByTheNetworkAreWhole() async throws {
        let text = line("a", 2) + line("b", 3) + line("c", 4)
        let chunks = stride(from: 0, to: text.utf8.count, by: 7).map { String(text.dropFirst($0).prefix(7)) }
        let server = try await ScriptedServer.start([.stream(chunks)])
        let (versions, failure) = await follow(try volumes(server))
        #expect(versions == ["2", "3", "4"])
        #expect(failure == nil)
    }

    @Test func aCutStreamIsTheEndOfTheWatchAfterTheLastWholeEvent() async throws {
        let server = try await ScriptedServer.start([.cutStream([line("a", 2), String(line("b", 3).dropLast(20))])])
        let (versions, failure) = await follow(try volumes(server))
        #expect(versions == ["2"])
        #expect(failure?.code == .connectionLost)
        #expect(failure?.description.hasPrefix("WATCH persistentvolumes: ") == true)
    }

    @Test func anUnreadableEventIsSkippedWithItsVersion() async throws {
        let bad = #"{"type":"ADDED","object":{"metadata":{"name":7,"resourceVersion":"3"}}}"# + "\n"
        let server = try await ScriptedServer.start([.stream([line("a", 2), bad, line("c", 4)])])
        #expect(await follow(try volumes(server)).versions == ["2", "3", "4"])
    }

    @Test func anEventWithoutEndIsNotReadForEver() async throws {
        var limits = ClientLimits()
        limits.eventBytes = 1000
        let server = try await ScriptedServer.start([
            .stall(Array(repeating: String(repeating: "x", count: 600), count: 3))
        ])
        let (_, failure) = await follow(try volumes(server, limits: limits))
        #expect(failure?.code == .tooLarge)
        try await eventually { server.openConnections == 0 }
    }

    @Test func leavingTheWatchClosesItsConnection() async throws {
        let server = try await ScriptedServer.start([.stall([line("a", 2)])])
        let volumes = try volumes(server)
        await #expect(throws: KubernetesError.self) {
            try await volumes.watch(from: "1") { _ throws(KubernetesError) in
                throw KubernetesError(code: .gone, reason: "enough")
            }
        }
        try await eventually { server.openConnections == 0 }
    }

    @Test func cancellingTheTaskClosesItsConnection() async throws {
        let server = try await ScriptedServer.start([.stall([line("a", 2)])])
        let volumes = try volumes(server)
        let seen = Mutex(0)
        let watching = Task {
            try await volumes.watch(from: "1") { _ in seen.withLock { $0 += 1 } }
        }
        try await eventually { seen.withLock { $0 } == 1 }
        watching.cancel()
        await #expect { try await watching.value } throws: { ($0 as? KubernetesError)?.code == .cancelled }
        try await eventually { server.openConnections == 0 }
    }

    @Test func aWatchSilentForTenSecondsMoreThanItMayLastIsGivenUp() async throws {
        var limits = ClientLimits()
        limits.longestWatchSeconds = -9
        let server = try await ScriptedServer.start([.stall([])])
        let (_, failure) = await follow(try volumes(server, limits: limits))
        #expect(failure?.code == .timeout)
    }

    @Test func theQueryAsksForBookmarksAndAnEnd() async throws {
        let server = try await ScriptedServer.start([.stream([])])
        try await volumes(server).watch(from: "77", timeoutSeconds: 1000) { _ in }
        let uri = try #require(server.received.first?.uri)
        #expect(
            uri == "/api/v1/persistentvolumes?watch=1&allowWatchBookmarks=true&resourceVersion=77&timeoutSeconds=600"
        )
    }
}
