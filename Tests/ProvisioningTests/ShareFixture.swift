import Foundation
import Kubernetes
import Logging
import NFS
import Synchronization
import TestBed

@testable import Provisioning

/// A share of a test's own on the test bed's NFS server, and volumes to make and reclaim on it.
final class ShareFixture: Sendable {
    static let cluster = "this-cluster"

    let folder: URL
    let address: ShareAddress
    let gate = Gate()
    private let expectedIDs: Set<String>
    private let hooks: any VolumeHooks
    private let cluster: String?
    private let process: Mutex<Shares>
    let settings: ProvisionerSettings

    /// Runs a test on a share of its own; `port` is that of a proxy to the bed's NFS server.
    static func run(
        expectedIDs: Set<String> = [],
        hooks: any VolumeHooks = NoHooks(),
        cluster: String? = cluster,
        on small: SmallNFSServer? = nil,
        port: Int? = nil,
        _ body: (ShareFixture) async throws -> Void
    ) async throws {
        let fixture = try ShareFixture(expectedIDs, hooks, cluster, on: small, port: port)
        var failure: (any Error)?
        do {
            try await body(fixture)
        } catch {
            failure = error
        }
        await fixture.shares.close()
        if let failure { throw failure }
    }

    private init(
        _ expectedIDs: Set<String>,
        _ hooks: any VolumeHooks,
        _ cluster: String?,
        on small: SmallNFSServer?,
        port: Int?
    ) throws {
        let bed = try TestBed.current()
        let ports = ["port=\(port ?? bed.nfsPort)", "mountport=\(bed.nfsMountPort)"]
        let mountOptions = small?.mountOptions ?? ports
        let options = try ConnectionOptions.parse(mountOptions)
        if let small {
            folder = small.export
        } else {
            folder = URL(filePath: bed.exportA).appending(path: "unit-\(UUID().uuidString.lowercased())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        guard let export = ExportPath(server: bed.nfsServer, path: folder.path()) else { throw Unusable() }
        address = ShareAddress(export: export, options: options)
        var settings = ClaimVerdictTests.settings
        settings.export = export
        settings.mountOptions = mountOptions
        self.settings = settings
        self.expectedIDs = expectedIDs
        self.hooks = hooks
        self.cluster = cluster
        process = Mutex(Self.process(expectedIDs, hooks, gate, cluster))
    }

    private static func process(
        _ expectedIDs: Set<String>,
        _ hooks: any VolumeHooks,
        _ gate: Gate,
        _ cluster: String?
    ) -> Shares {
        Shares(
            writer: "test-\(UUID().uuidString)",
            cluster: { cluster },
            expectedIdentity: { _ in .remembered(expectedIDs) },
            hooks: hooks,
            mayWrite: { gate.lets() },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// The shares as this process has them open.
    var shares: Shares { process.withLock { $0 } }

    /// The share as another process has it, also one of another cluster, by another way to the server.
    func otherProcess(port: Int, of cluster: String? = nil) throws -> (processes: Shares, share: ShareConnection) {
        let bed = try TestBed.current()
        let options = try ConnectionOptions.parse(["port=\(port)", "mountport=\(bed.nfsMountPort)"])
        let other = Self.process(expectedIDs, hooks, gate, cluster ?? self.cluster)
        return (other, other[ShareAddress(export: address.export, options: options)])
    }

    /// Another process that can be stopped before any of its changes; it has opened the share.
    func stoppableProcess(
        of cluster: String? = nil
    ) async throws -> (breaker: ChangeBreaker, processes: Shares, share: ShareConnection) {
        let bed = try TestBed.current()
        let breaker = try await ChangeBreaker(to: bed.nfsServer, port: bed.nfsPort)
        let (processes, share) = try otherProcess(port: breaker.port, of: cluster)
        _ = try await share.catalogue()
        return (breaker, processes, share)
    }

    /// Ends the process, so to say, and starts the next.
    func restart() async throws {
        let ended = shares
        process.withLock { $0 = Self.process(expectedIDs, hooks, gate, cluster) }
        await ended.close()
    }

    var share: ShareConnection { shares[address] }

    /// A plan as a claim's verdict gives it.
    func plan(
        _ name: String,
        parameters: [String: String] = [:],
        annotations: [String: String] = [:]
    ) throws -> ProvisioningPlan {
        let claim = ClaimVerdictTests.claim {
            $0.metadata.name = name
            $0.metadata.uid = "uid-\(name)"
            $0.metadata.annotations?.merge(annotations) { $1 }
        }
        let storageClass = ClaimVerdictTests.storageClass { $0.parameters = parameters }
        let verdict = ClaimVerdict(on: claim, storageClass: storageClass, volume: nil, settings: settings)
        guard let plan = verdict.plan else { throw Unusable() }
        return plan
    }

    /// What is to happen to that plan's volume once it is released.
    func reclaimPlan(
        _ plan: ProvisioningPlan,
        _ directory: ProvisionedDirectory?,
        action: ReleaseAction? = .archive
    ) -> ReclaimPlan {
        var volume = plan.volume
        volume.metadata.uid = UUID().uuidString
        if let directory {
            volume.metadata.annotations?[AnnotationKey.exportID] = directory.exportID
            volume.metadata.annotations?[AnnotationKey.fileID] = String(directory.fileID)
            if directory.origin == .adopted { volume.metadata.annotations?[AnnotationKey.adopted] = "true" }
        }
        return ReclaimPlan(volume: volume, share: address, path: plan.path, action: action)
    }

    func provision(_ plan: ProvisioningPlan) async throws -> ProvisionedDirectory {
        try await share.provision(plan) { _ in }
    }

    func reclaim(
        _ plan: ReclaimPlan,
        otherVolumes: [String] = [],
        deletesAdopted: Bool = false
    ) async throws -> ReclaimOutcome {
        try await share.reclaim(plan, deletesAdopted: deletesAdopted) { _ in otherVolumes }
    }

    /// The server's side of a path on the share.
    func url(_ path: String) -> URL { folder.appending(path: path) }

    /// What lies in the root but for the controller's own folder.
    var listing: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0 != ".sb-nfs-provisioner" }
                .sorted()
        }
    }

    func record<Record: ShareRecord>(_ type: Record.Type, _ name: String) throws -> Record? {
        let file = url(".sb-nfs-provisioner/\(type.folder.rawValue)/\(name).json")
        guard FileManager.default.fileExists(atPath: file.path()) else { return nil }
        let record = try JSONDecoder().decode(type, from: Data(contentsOf: file))
        // As operations read it: with the holds that have files of their own.
        let holds = try? FileManager.default.contentsOfDirectory(atPath: url(".sb-nfs-provisioner/holds").path())
        guard var archive = record as? ArchiveRecord, let holds else { return record }
        let names = holds.map { String($0.dropLast(".json".count)) }.filter { HoldRecord.archive(of: $0) == name }
        archive.take(try names.compactMap { try self.record(HoldRecord.self, $0) }.map { .record($0) })
        return archive as? Record
    }

    var archives: [ArchiveRecord] {
        get throws {
            try names(in: "archives").filter { $0.hasSuffix(".json") }
                .compactMap { try record(ArchiveRecord.self, String($0.dropLast(".json".count))) }
        }
    }

    func put(_ record: some ShareRecord) throws {
        let file = url(".sb-nfs-provisioner/\(type(of: record).folder.rawValue)/\(record.recordName).json")
        try JSONEncoder().encode(record).write(to: file)
    }

    var auditedActions: [AuditEntry.Action] {
        get throws {
            let audit = url(".sb-nfs-provisioner/audit")
            return try FileManager.default.contentsOfDirectory(atPath: audit.path()).sorted().flatMap { name in
                try String(contentsOf: audit.appending(path: name), encoding: .utf8).split(separator: "\n")
                    .map { try JSONDecoder().decode(AuditEntry.self, from: Data($0.utf8)).action }
            }
        }
    }

    struct Unusable: Error {}
}

/// Whether the share may be changed.
final class Gate: Sendable {
    let isOpen = Mutex(true)
    /// Changes that are let through before none is any more; nil: any number.
    private let changesLeft = Mutex<Int?>(nil)

    func close(afterChanges count: Int) {
        changesLeft.withLock { $0 = count }
    }

    func open() {
        changesLeft.withLock { $0 = nil }
    }

    func lets() -> Bool {
        let isLeft = changesLeft.withLock { left in
            guard let count = left else { return true }
            left = max(0, count - 1)
            return count > 0
        }
        return isLeft && isOpen.withLock { $0 }
    }
}
