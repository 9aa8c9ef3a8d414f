import Foundation
import Kubernetes
import Logging
import NFS
import Prometheus
import Synchronization
import TestBed

@testable import Backup
@testable import Provisioning

/// A share of a test's own on the test bed's NFS server, and archives of any age on it.
final class RetentionFixture: Sendable {
    let folder: URL
    let address: ShareAddress
    /// Whether the lease is held.
    let gate = WriteGate()
    let shares: Shares
    let registry = Registry()
    let metrics: RetentionMetrics
    let records: RecordingLogHandler.Records
    let logger: Logger
    /// For tests that change something after a run's first question to the cluster.
    let isReviewed = Atomic(false)

    static func run(_ body: (RetentionFixture) async throws -> Void) async throws {
        let fixture = try RetentionFixture()
        var failure: (any Error)?
        do {
            try await body(fixture)
        } catch {
            failure = error
        }
        await fixture.shares.close()
        try? FileManager.default.removeItem(at: fixture.folder)
        if let failure { throw failure }
    }

    private init() throws {
        let bed = try TestBed.current()
        folder = URL(filePath: bed.exportA).appending(path: "retention-\(UUID().uuidString.lowercased())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let options = try ConnectionOptions.parse(["port=\(bed.nfsPort)", "mountport=\(bed.nfsMountPort)"])
        guard let export = ExportPath(server: bed.nfsServer, path: folder.path()) else { throw Unusable() }
        address = ShareAddress(export: export, options: options)
        metrics = RetentionMetrics(registry)
        (logger, records) = RecordingLogHandler.logger()
        shares = Shares(
            writer: "test",
            cluster: { "ours" },
            expectedIdentity: { _ in .remembered([]) },
            mayWrite: { [gate] in gate.isOpen },
            logger: logger
        )
        gate.open(under: nil)
    }

    var share: ShareConnection { shares[address] }

    /// Puts an archive on the share, with a file in it, whose data was released and archived that many days ago.
    func archive(_ id: String, days: Int64 = 10, change: (inout ArchiveRecord) -> Void = { _ in }) async throws {
        try await share.open { opened in
            let time = Timestamp(seconds: Timestamp.now.seconds - days * 86_400)
            var record = ArchiveRecord.sample(id, at: time)
            let directory = try await share.export.makeDirectory(
                NFSName(record.to),
                in: opened.folder.root.handle,
                mode: 0o755
            )
            _ = try await share.export.createFile("file", in: directory.handle, mode: 0o644)
            record.directory = DirectoryIdentity(directory.attributes)
            record.releasedAt = time
            change(&record)
            try await opened.records.write(record)
        }
    }

    /// Puts a record on the share that is none.
    func breakRecord(_ id: String) async throws {
        _ = try await share.open { opened in
            try await share.export.writeFileAtomically(NFSName(id + ".json"), in: opened.folder.archives, bytes: [0x7b])
        }
    }

    /// One run through the share.
    func run(
        _ policy: RetentionPolicy,
        protection: @escaping @Sendable () async throws -> ArchiveProtection = { .none },
        ourTime: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
        failedBefore: Set<ArchiveLocation> = []
    ) async -> RetentionRun {
        var run = RetentionRun(
            policy: policy,
            protection: protection,
            ourTime: ourTime,
            failedBefore: failedBefore,
            metrics: metrics,
            logger: logger
        )
        await run.perform(on: [share])
        return run
    }

    /// A metric of the share's export; nil if there is none.
    func metric(_ name: String) -> Double? {
        let start = "\(name){export=\"\(address)\"} "
        return registry.text().split(separator: "\n").first { $0.hasPrefix(start) }
            .flatMap { Double($0.dropFirst(start.count)) }
    }

    /// Archives whose directories are in the root, in the order of their names.
    var archives: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path()).filter { $0.hasPrefix("archived-") }
                .map { $0.replacing("archived-clinic-db-", with: "") }.sorted()
        }
    }

    /// What the audit log says was purged, and why.
    var auditedPurges: [String] {
        get throws {
            let audit = folder.appending(path: ".sb-nfs-provisioner/audit")
            return try FileManager.default.contentsOfDirectory(atPath: audit.path()).sorted().flatMap { name in
                try String(contentsOf: audit.appending(path: name), encoding: .utf8).split(separator: "\n")
                    .map { try JSONDecoder().decode(AuditEntry.self, from: Data($0.utf8)) }
                    .filter { $0.action == .purged }.map { "\($0.volume): \($0.reason)" }
            }
        }
    }

    struct Unusable: Error {}
}
