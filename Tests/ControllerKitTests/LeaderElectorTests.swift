import Kubernetes
import Logging
import ServiceLifecycle
import Synchronization
import TestBed
import Testing

@testable import ControllerKit

/// Against the real API server, with short leases that outlast a machine that stalls for two seconds.
@Suite(.timeLimit(.minutes(10))) struct LeaderElectorTests {
    private static let timing = LeaseTiming(
        leaseDuration: .seconds(6),
        renewDeadline: .seconds(4),
        retryPeriod: .milliseconds(500)
    )

    @Test func `the first to come makes the lease, renews it, and gives it up in the end`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let key = Self.key(namespace)
            let leases = client.api(Lease.self)
            let (logger, records) = RecordingLogHandler.logger()
            let elector = Self.elector("a", client, namespace, logger: logger)

            try await elector.run { leadership in
                let first = try await leases.get(key)
                let deadline = leadership.deadline
                #expect(leadership.isValid())
                #expect(first.spec?.holderIdentity == "a")
                #expect(first.spec?.leaseDurationSeconds == 6)
                #expect(first.spec?.leaseTransitions == 0)
                try await eventually("it is renewed twice, with the same time of acquisition") {
                    let lease = try await leases.get(key)
                    #expect(lease.spec?.acquireTime == first.spec?.acquireTime)
                    return leadership.deadline > deadline + Self.timing.retryPeriod
                }
            }

            try await Self.expectNobodyHolds(namespace, client)
            #expect(records.messages == ["leading", "released the lease"])
        }
    }

    @Test func `L1, L6: a leader cut off is fenced and stopped before another takes over, and stands by`()
        async throws
    {
        try await Cluster.withNamespace { direct, namespace in
            let leases = direct.api(Lease.self)
            let (client, proxy) = try await Cluster.cuttableClient()
            let first = Candidacy(Self.elector("a", client, namespace))
            try await eventually("a leads") { first.isLeading }
            let taken = try #require(first.leadership?.deadline)
            try await eventually("a has renewed the lease") { (first.leadership?.deadline ?? taken) > taken }
            let second = Candidacy(Self.elector("b", direct, namespace))

            proxy.cut()
            try await eventually("b leads") { second.isLeading }
            #expect(first.leadership?.isValid() == false, "two leaders may write")
            #expect(!first.isLeading, "the old leader's work goes on")
            #expect(first.endings == ["cancelled"])
            let transitions = try await leases.get(Self.key(namespace)).spec?.leaseTransitions
            #expect(transitions == 1)

            proxy.mend()
            await second.stop()
            try await eventually("a leads again, in the same process") { first.terms == 2 && first.isLeading }
            let laterTransitions = try await leases.get(Self.key(namespace)).spec?.leaseTransitions
            #expect(laterTransitions == 2)
            await first.stop()
            try await client.shutdown()
        }
    }

    @Test func `a leader that finds another in its lease stops at once, and waits for its turn`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let leases = client.api(Lease.self)
            let candidacy = Candidacy(Self.elector("a", client, namespace))
            try await eventually("a leads") { candidacy.isLeading }

            let usurpation: JSONValue = ["spec": ["holderIdentity": "usurper", "leaseDurationSeconds": 1]]
            _ = try await leases.patch(Self.key(namespace), .merge(usurpation))
            try await eventually("a stops") { candidacy.endings == ["cancelled"] }
            #expect(candidacy.leadership?.isValid() == false)
            try await eventually("a leads again when the other's lease has run out") { candidacy.terms == 2 }
            await candidacy.stop()
        }
    }

    @Test func `a leader whose lease is deleted makes it anew and leads on`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let leases = client.api(Lease.self)
            let candidacy = Candidacy(Self.elector("a", client, namespace))
            try await eventually("a leads") { candidacy.isLeading }
            try await leases.delete(Self.key(namespace))
            try await eventually("the lease is back") {
                (try? await leases.get(Self.key(namespace)))?.spec?.holderIdentity == "a"
            }
            #expect(candidacy.terms == 1)
            #expect(candidacy.leadership?.isValid() == true)
            await candidacy.stop()
        }
    }

    @Test func `the lease is given up only when the body has returned`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let leases = client.api(Lease.self)
            let elector = Self.elector("a", client, namespace)
            let leading = Signal()
            let run = Task {
                try await elector.run { _ in
                    leading.raise()
                    try? await Task.sleep(for: .seconds(3_600))
                    // Cancelled by now; a task of its own can still ask.
                    let lease = try await Task { try await leases.get(Self.key(namespace)) }.value
                    #expect(lease.spec?.holderIdentity == "a")
                }
            }
            await leading.wait()
            run.cancel()
            _ = await run.result
            try await Self.expectNobodyHolds(namespace, client)
        }
    }

    @Test func `on graceful shutdown the body may finish, and the lease is renewed until it has`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let elector = Self.elector("a", client, namespace)
            let leading = Signal()
            let finished = Signal()
            let service = ClosureService {
                try await elector.run { leadership in
                    leading.raise()
                    try await gracefulShutdown()
                    let deadline = leadership.deadline
                    try await eventually("it is still renewed") { leadership.deadline > deadline }
                    finished.raise()
                }
            }
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: service)], logger: Cluster.silent)
            )
            async let run: Void = group.run()
            await leading.wait()
            await group.triggerGracefulShutdown()
            try await run
            await finished.wait()
            try await Self.expectNobodyHolds(namespace, client)
        }
    }

    @Test func `a standby ends on graceful shutdown`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let leader = Candidacy(Self.elector("a", client, namespace))
            try await eventually("a leads") { leader.isLeading }
            let (logger, records) = RecordingLogHandler.logger()
            let standby = Self.elector("b", client, namespace, logger: logger)
            let service = ClosureService {
                try await standby.run { _ in Issue.record("two lead") }
            }
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: service)], logger: Cluster.silent)
            )
            async let run: Void = group.run()
            try await eventually("b stands by") { records.messages == ["standing by"] }
            await group.triggerGracefulShutdown()
            try await run
            #expect(leader.isLeading)
            await leader.stop()
        }
    }

    @Test func `an error of the body ends the run, and the lease is given up`() async throws {
        struct Trouble: Error {}
        try await Cluster.withNamespace { client, namespace in
            let elector = Self.elector("a", client, namespace)
            await #expect(throws: Trouble.self) { try await elector.run { _ in throw Trouble() } }
            try await Self.expectNobodyHolds(namespace, client)
        }
    }

    @Test func `a leader that does not stop when the lease is lost is left behind, by an error`() async throws {
        try await Cluster.withNamespace { client, namespace in
            let (logger, records) = RecordingLogHandler.logger()
            let elector = LeaderElector(
                client: client,
                lease: Self.key(namespace),
                identity: "a",
                timing: LeaseTiming(
                    leaseDuration: .seconds(1),
                    renewDeadline: .milliseconds(900),
                    retryPeriod: .milliseconds(200)
                ),
                logger: logger
            )
            let leading = Signal()
            let release = Signal()
            let leadership = Mutex<Leadership?>(nil)
            let run = Task {
                try await elector.run { ownLeadership in
                    leadership.withLock { $0 = ownLeadership }
                    leading.raise()
                    // Not a child task, so its wait sees no cancellation.
                    await Task { await release.wait() }.value
                }
            }
            await leading.wait()
            let usurpation: JSONValue = ["spec": ["holderIdentity": "usurper"]]
            _ = try await client.api(Lease.self).patch(Self.key(namespace), .merge(usurpation))

            let error = await #expect(throws: LeaderDidNotStop.self) { try await run.value }
            #expect(
                error?.description == "the work under lease \(namespace)/leader did not stop within 1.0 seconds "
                    + "of its cancellation; restart this process"
            )
            #expect(leadership.withLock { $0?.isValid() } == false)
            let holder = try await client.api(Lease.self).get(Self.key(namespace)).spec?.holderIdentity
            #expect(holder == "usurper")
            #expect(records.messages.last == "the work as leader does not stop; giving up")
            release.raise()
        }
    }

    private static func key(_ namespace: String) -> ObjectKey {
        ObjectKey(namespace: namespace, name: "leader")
    }

    private static func expectNobodyHolds(
        _ namespace: String,
        _ client: KubernetesClient,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let lease = try await client.api(Lease.self).get(key(namespace))
        #expect(lease.spec?.holderIdentity == "", sourceLocation: sourceLocation)
    }

    private static func elector(
        _ identity: String,
        _ client: KubernetesClient,
        _ namespace: String,
        logger: Logger = Cluster.silent
    ) -> LeaderElector {
        LeaderElector(client: client, lease: key(namespace), identity: identity, timing: timing, logger: logger)
    }
}
