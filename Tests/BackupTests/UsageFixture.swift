import ControllerKit
import Foundation
import Kubernetes
import Logging
import NFS
import Provisioning
import TestBed

@testable import Backup
@testable import Provisioning

/// A share with volumes to be measured, in a cluster that has none of them but their records.
struct UsageFixture {
    let space: RetentionFixture
    let board: UsageBoard
    private let cluster = ClusterView()
    private let client: KubernetesClient

    static func run(_ body: (UsageFixture) async throws -> Void) async throws {
        try await RetentionFixture.run { space in
            let fixture = try UsageFixture(space)
            var failure: (any Error)?
            do {
                try await body(fixture)
            } catch {
                failure = error
            }
            try await fixture.client.shutdown()
            if let failure { throw failure }
        }
    }

    private init(_ space: RetentionFixture) throws {
        self.space = space
        board = UsageBoard(cluster: cluster, settings: ProvisionerSettings())
        client = KubernetesClient(
            configuration: try ClusterConfiguration.load(kubeconfig: TestBed.current().kubeconfig, environment: [:]),
            logger: space.logger
        )
    }

    /// Puts a volume on the share, with a file of so many bytes in it.
    func volume(_ name: String, bytes: Int, cluster: String = "ours") async throws {
        let (share, path) = (space.share, "ns-claim-\(name)")
        try await share.open { opened in
            let directory = try await share.export.makeDirectory(
                NFSName(path),
                in: opened.folder.root.handle,
                mode: 0o755
            )
            try await share.export.writeFileAtomically(
                "file",
                in: directory.handle,
                bytes: [UInt8](repeating: 1, count: bytes)
            )
            let record = VolumeRecord(
                volume: name,
                path: path,
                origin: .created,
                releaseAction: .archive,
                cluster: cluster,
                directory: DirectoryIdentity(directory.attributes),
                createdAt: .now
            )
            try await opened.records.write(record)
        }
    }

    static func schedule(volumesPerMinute: Int = 60_000) -> UsageSchedule {
        var schedule = UsageSchedule()
        schedule.volumesPerMinute = volumesPerMinute
        return schedule
    }

    func round(_ schedule: UsageSchedule = schedule(), _ troubles: UsageTroubles = UsageTroubles()) -> UsageRound {
        UsageRound(
            share: space.share,
            schedule: schedule,
            cluster: cluster,
            settings: ProvisionerSettings(),
            board: board,
            requests: RequestCheck(
                cluster: cluster,
                events: EventRecorder(client: client, component: "test", instance: "test", logger: space.logger),
                logger: space.logger
            ),
            troubles: troubles,
            logger: space.logger
        )
    }

    func task(_ schedule: UsageSchedule) -> UsageTask {
        UsageTask(
            schedule: schedule,
            cluster: cluster,
            settings: ProvisionerSettings(),
            board: board,
            events: EventRecorder(client: client, component: "test", instance: "test", logger: space.logger),
            logger: space.logger
        )
    }

    /// How often each was measured.
    var counts: [String: Int] {
        get async throws { try await space.share.usageHistories().mapValues(\.samples.count) }
    }

    /// What the log says that the rounds came to.
    var measured: [String] {
        space.records.metadata(of: "usage measured").map { "\($0["measured"] ?? "")/\($0["left"] ?? "")" }
    }
}
