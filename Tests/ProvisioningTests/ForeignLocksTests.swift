import Kubernetes
import Logging
import NIOHTTP1
import TestBed
import Testing

@testable import Provisioning

@Suite("Waiting for another provisioner of our name (L2)", .timeLimit(.minutes(10)))
struct ForeignLocksTests {
    private let none = ScriptedServer.Step.answer(.ok, body: #"{"metadata":{"resourceVersion":"1"},"items":[]}"#)
    private let refused = ScriptedServer.Step.answer(.forbidden)
    private let failed = ScriptedServer.Step.answer(.badRequest)

    private func lease(_ key: ObjectKey) -> ScriptedServer.Step {
        .answer(
            .ok,
            body: """
                {"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"namespace":"\(key.namespace ?? "")","name":"\(key.name)"},
                 "spec":{"holderIdentity":"other","leaseDurationSeconds":3600,"renewTime":"\(MicroTime.now)"}}]}
                """
        )
    }

    private func locks(_ server: ScriptedServer, also names: [String] = []) throws -> ForeignLocks {
        var settings = ProvisionerSettings()
        settings.provisionerName = "example.com/nfs"
        settings.additionalProvisionerNames = names
        return ForeignLocks(
            client: KubernetesClient(
                configuration: try ClusterConfiguration(server: server.address),
                userAgent: "test",
                logger: Logger(label: "test")
            ),
            settings: settings,
            namespace: "ours",
            pause: .milliseconds(10),
            logger: Logger(label: "test")
        )
    }

    @Test("A failed check does not free a lock that was held")
    func failedLook() async throws {
        let elsewhere = ObjectKey(namespace: "elsewhere", name: "example.com-nfs")
        let server = try await ScriptedServer.start([none, lease(elsewhere), failed, failed, none, none])
        try await locks(server).waitUntilFree()
        #expect(server.received.count == 6)
    }

    @Test("A failed first check is retried; a forbidden one is not")
    func firstLook() async throws {
        let server = try await ScriptedServer.start([failed, failed, none, none])
        try await locks(server).waitUntilFree()
        #expect(server.received.count == 4)
        let strict = try await ScriptedServer.start([refused])
        try await locks(strict).waitUntilFree()
        #expect(strict.received.count == 1)
    }

    @Test("Our own lease does not count; another lease of the same provisioner name does, also next to it")
    func ownLease() async throws {
        let (own, other) = (
            ObjectKey(namespace: "ours", name: "example.com-nfs"), ObjectKey(namespace: "ours", name: "old-nfs")
        )
        let server = try await ScriptedServer.start([
            none, lease(own), none, lease(other), none, lease(own), none, none,
        ])
        try await locks(server, also: ["old/nfs"]).waitUntilFree()
        #expect(server.received.count == 8)
    }
}
