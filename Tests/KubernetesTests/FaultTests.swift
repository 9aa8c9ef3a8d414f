import Foundation
import Logging
import NIOHTTP1
import ServiceLifecycle
import Synchronization
import TestBed
import Testing

@testable import Kubernetes

@Suite("An API server in trouble", .timeLimit(.minutes(10)))
struct FaultTests {
    private let volume = #"{"metadata":{"name":"v","resourceVersion":"3"}}"#
    private let key = ObjectKey(name: "v")

    private func client(
        _ server: ScriptedServer,
        credential: Credential = .token(.bytes(Array("s3cret".utf8))),
        limits: ClientLimits = ClientLimits(),
        onAnswer: @escaping @Sendable (_ verb: String, _ code: String) -> Void = { _, _ in }
    ) throws -> KubernetesClient {
        var configuration = try ClusterConfiguration(server: server.address)
        configuration.credential = credential
        return KubernetesClient(
            configuration: configuration,
            limits: limits,
            userAgent: "sb-nfs-provisioner/1.2",
            onAnswer: onAnswer,
            logger: Logger(label: "test")
        )
    }

    /// The error `body` throws. None may tell the token.
    private func failure(
        _ location: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async throws -> KubernetesError {
        let error = await #expect(throws: KubernetesError.self, sourceLocation: location) { try await body() }
        #expect(error?.description.contains("s3cret") != true, sourceLocation: location)
        return try #require(error, sourceLocation: location)
    }

    @Test func aRequestSaysWhoSendsIt() async throws {
        let server = try await ScriptedServer.start([.answer(.ok, body: volume)])
        let client = try client(server)
        _ = try await client.api(PersistentVolume.self).get(key)
        #expect(server.received.first?.headers.first(name: "User-Agent") == "sb-nfs-provisioner/1.2")
        #expect(server.received.first?.headers.first(name: "Authorization") == "Bearer s3cret")
    }

    @Test func everyTryIsToldOfWithTheStatusOfItsAnswer() async throws {
        let server = try await ScriptedServer.start([
            .answer(.tooManyRequests, headers: [("Retry-After", "1")]), .answer(.ok, body: volume),
            .answer(.notFound, body: "{}"),
        ])
        let told = Mutex<[String]>([])
        let volumes = try client(server) { verb, code in told.withLock { $0.append("\(verb) \(code)") } }
            .api(PersistentVolume.self)
        _ = try await volumes.get(key)
        _ = try await failure { try await volumes.delete(key) }
        #expect(told.withLock { $0 } == ["GET 429", "GET 200", "DELETE 404"])
    }

    @Test(arguments: [HTTPMethod.GET, .POST, .PATCH, .DELETE])
    func tooManyRequestsIsWaitedOutWithEveryVerb(method: HTTPMethod) async throws {
        let server = try await ScriptedServer.start([
            .answer(.tooManyRequests, headers: [("Retry-After", "1")]), .answer(.ok, body: volume),
        ])
        let volumes = try client(server).api(PersistentVolume.self)
        let start = ContinuousClock.now
        switch method {
        case .GET: _ = try await volumes.get(key)
        case .POST: _ = try await volumes.create(PersistentVolume(metadata: ObjectMeta(name: "v")))
        case .PATCH: _ = try await volumes.patch(key, .merge([:]))
        default: try await volumes.delete(key)
        }
        #expect(ContinuousClock.now - start >= .seconds(1))
        #expect(server.received.map(\.method) == [method, method])
    }

    @Test func aServerThatAsksForLongPatienceIsLeftToTheCaller() async throws {
        let server = try await ScriptedServer.start([.answer(.tooManyRequests, headers: [("Retry-After", "60")])])
        let volumes = try client(server).api(PersistentVolume.self)
        let error = try await failure { _ = try await volumes.get(key) }
        #expect(error.code == .tooManyRequests)
        #expect(error.retryAfter == .seconds(60))
        #expect(server.received.count == 1)
    }

    @Test func aServerErrorIsTriedAgainOnlyWhereTwiceIsOnce() async throws {
        let unavailable = ScriptedServer.Step.answer(.serviceUnavailable, body: "upstream is down")
        let reading = try await ScriptedServer.start([unavailable, unavailable, .answer(.ok, body: volume)])
        _ = try await client(reading).api(PersistentVolume.self).get(key)
        #expect(reading.received.count == 3)

        let creating = try await ScriptedServer.start([unavailable])
        let volumes = try client(creating).api(PersistentVolume.self)
        let error = try await failure {
            _ = try await volumes.create(PersistentVolume(metadata: ObjectMeta(name: "v")))
        }
        #expect(error.description == "POST persistentvolumes/v: server error 503: upstream is down")
        #expect(creating.received.count == 1)
    }

    @Test func aConnectionLostIsTriedAgainByReadersNeverByCreators() async throws {
        let reading = try await ScriptedServer.start([.hangUp, .answer(.ok, body: volume)])
        _ = try await client(reading).api(PersistentVolume.self).get(key)
        #expect(reading.received.count == 2)

        let creating = try await ScriptedServer.start([.hangUp, .answer(.ok, body: volume)])
        let volumes = try client(creating).api(PersistentVolume.self)
        let error = try await failure {
            _ = try await volumes.create(PersistentVolume(metadata: ObjectMeta(name: "v")))
        }
        #expect(error.code == .connectionLost)
        #expect(creating.received.count == 1)
    }

    @Test(arguments: [ScriptedServer.Step.silence, .stall([#"{"metadata":"#])])
    func anAnswerThatDoesNotComeWholeIsATimeout(step: ScriptedServer.Step) async throws {
        let server = try await ScriptedServer.start([step])
        var limits = ClientLimits()
        limits.requestTimeout = .milliseconds(300)
        let volumes = try client(server, limits: limits).api(PersistentVolume.self)
        let error = try await failure { _ = try await volumes.get(key) }
        #expect(error.code == .timeout)
        #expect(error.description.contains(server.address))
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let server = try await ScriptedServer.start([.answer(.found, headers: [("Location", "http://127.0.0.1:1/")])])
        let volumes = try client(server).api(PersistentVolume.self)
        let error = try await failure {
            _ = try await volumes.create(PersistentVolume(metadata: ObjectMeta(name: "v")))
        }
        #expect(error.code == .serverError)
    }

    @Test func whatIsNoAPIServerIsToldSo() async throws {
        let server = try await ScriptedServer.start([.answer(.ok, body: "<html>welcome</html>")])
        let volumes = try client(server).api(PersistentVolume.self)
        let error = try await failure { _ = try await volumes.get(key) }
        #expect(error.code == .decoding)
        #expect(error.description.hasPrefix("GET persistentvolumes/v: the answer is not that of an API server"))
    }

    @Test func anAnswerAboveTheLimitIsRefused() async throws {
        let server = try await ScriptedServer.start([.answer(.ok, body: String(repeating: " ", count: 2000))])
        var limits = ClientLimits()
        limits.answerBytes = 1000
        let volumes = try client(server, limits: limits).api(PersistentVolume.self)
        let error = try await failure { _ = try await volumes.get(key) }
        #expect(error.code == .tooLarge)
    }

    @Test func aRejectedTokenIsReadAgainOnce() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("token", "old\n")
        let server = try await ScriptedServer.start([
            .answer(.ok, body: volume), .answer(.unauthorized), .answer(.ok, body: volume), .answer(.unauthorized),
            .answer(.unauthorized),
        ])
        let volumes = try client(server, credential: .token(.file(file))).api(PersistentVolume.self)
        _ = try await volumes.get(key)
        try folder.write("token", "new")
        _ = try await volumes.get(key)
        let error = try await failure { _ = try await volumes.get(key) }
        #expect(error.code == .unauthorized)
        #expect(
            server.received.map { $0.headers.first(name: "Authorization") }
                == ["Bearer old", "Bearer old", "Bearer new", "Bearer new", "Bearer new"]
        )
    }

    @Test func aTokenFileThatIsGoneLeavesTheLastGoodToken() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("token", "old")
        let server = try await ScriptedServer.start([
            .answer(.ok, body: volume), .answer(.unauthorized), .answer(.ok, body: volume),
        ])
        let volumes = try client(server, credential: .token(.file(file))).api(PersistentVolume.self)
        _ = try await volumes.get(key)
        try FileManager.default.removeItem(atPath: file)
        _ = try await volumes.get(key)
        #expect(server.received.last?.headers.first(name: "Authorization") == "Bearer old")
    }

    @Test func asAServiceItLivesUntilGracefulShutdown() async throws {
        let server = try await ScriptedServer.start([.answer(.ok, body: volume)])
        let client = try client(server)
        let services = ServiceGroup(services: [client], logger: Logger(label: "test"))
        async let running: Void = services.run()
        _ = try await client.api(PersistentVolume.self).get(key)
        await services.triggerGracefulShutdown()
        try await running
        let error = try await failure {
            _ = try await client.api(PersistentVolume.self).get(key)
        }
        #expect(error.code == .cancelled)
    }

    @Test func shuttingDownEndsWhatIsUnderWay() async throws {
        let server = try await ScriptedServer.start([.silence])
        let client = try client(server)
        async let failing = failure {
            _ = try await client.api(PersistentVolume.self).get(key)
        }
        try await eventually { !server.received.isEmpty }
        try await client.shutdown()
        try await client.shutdown()
        #expect(try await failing.code == .cancelled)
        let after = try await failure {
            _ = try await client.api(PersistentVolume.self).get(key)
        }
        #expect(after.description == "GET persistentvolumes/v: the client was shut down")
    }
}
