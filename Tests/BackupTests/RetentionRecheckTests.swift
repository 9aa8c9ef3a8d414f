import Foundation
import Kubernetes
import Logging
import NFS
import Synchronization
import TestBed
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Retention on a real share: clocks, and what changes between the review and the purge")
struct RetentionRecheckTests {
    /// Only the newest of a claim stays.
    static let newest: RetentionPolicy = {
        var policy = RetentionPolicy()
        policy.standard = RetentionRule(keepLast: 1)
        return policy
    }()

    /// What the cluster says at each question, one after the other; the last stands.
    static func cluster(_ answers: [ArchiveProtection]) -> @Sendable () async throws -> ArchiveProtection {
        let left = Mutex(answers)
        return { left.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .none } }
    }

    /// That of a claim that asks for the archive `old`.
    static let claimed = ArchiveProtection(
        claims: [ArchiveProtectionTests.claim("db", asksFor: "old")],
        volumes: [],
        classes: [],
        settings: ProvisionerSettings()
    )

    static func protection(volumeAt path: String) -> ArchiveProtection {
        let volume = ArchiveProtectionTests.volume("static", at: path)
        return ArchiveProtection(claims: [], volumes: [volume], classes: [], settings: ProvisionerSettings())
    }

    @Test("K3: with our clock 400 days off, nothing on the share is purged, and one warning says why")
    func clocks() async throws {
        for (days, word) in [(400.0, "behind"), (-400, "ahead of")] {
            try await RetentionFixture.run { fixture in
                try await fixture.archive("new", days: 0)
                try await fixture.archive("old")
                try await fixture.archive("begun") { $0.state = .purging }
                _ = await fixture.run(
                    RetentionRunTests.policy,
                    ourTime: { Date().timeIntervalSince1970 + days * 86_400 }
                )
                #expect(try fixture.archives == ["begun", "new", "old"] && fixture.auditedPurges == [])
                #expect(fixture.records.messages == ["archives are not purged"])
                let error = fixture.records.metadata(of: "archives are not purged").first?["error"]
                #expect(error.map { "\($0)" }?.contains("s \(word) this machine's; set both clocks with NTP") == true)
                #expect(fixture.metric("sb_nfs_retention_blocked") == 1)
            }
        }
    }

    @Test("The comparison of the clocks leaves nothing on the share")
    func noTrace() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("new", days: 0)
            let clock = try await fixture.share.datedCatalogue().clock
            #expect(abs(clock.difference) < 5)
            let folder = fixture.folder.appending(path: ".sb-nfs-provisioner/archives")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()) == ["new.json"])
        }
    }

    @Test("On a full share a change of attributes reveals the server's time as a new file would")
    func timeOfChange() async throws {
        try await RetentionFixture.run { fixture in
            for _ in 1...2 {
                let time = try await fixture.share.open { try await $0.timeOfChange() }
                #expect(abs(Double(time.seconds) - Date().timeIntervalSince1970) < 5)
                try await Task.sleep(for: .seconds(6))
            }
        }
    }

    @Test("The time of a record's file decides if the record has no release time")
    func fileTime() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("behind") { $0.releasedAt = nil }
            try await fixture.archive("ahead", days: -1) { $0.releasedAt = nil }
            try await fixture.archive("sound")
            _ = await fixture.run(RetentionRunTests.policy)
            #expect(try fixture.archives == ["ahead", "behind"])
            let said = fixture.records.metadata(of: "archives kept: retention is undecidable").first
            #expect(said?["error"].map { "\($0)" }?.contains("archive ahead is kept: its record says") == true)
        }
    }

    @Test(
        "K4: an archive is kept if the newer one is gone, moved, or no longer an archive",
        arguments: ["none", "purged", "restored", "renamed", "removed", "replaced", "released before"]
    )
    func rank(change: String) async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            try await fixture.archive("new", days: 5)
            _ = await fixture.run(
                Self.newest,
                protection: {
                    // Between the review and the purge.
                    if !fixture.isReviewed.exchange(true, ordering: .relaxed) { return .none }
                    try await fixture.change("new", change)
                    return .none
                }
            )
            let isPurged = try !fixture.archives.contains("old")
            #expect(isPurged == (change == "none"))
            guard change != "none" else { return }
            let reasons = fixture.records.metadata(of: "archive kept").map { $0["reason"].map { "\($0)" } }
            #expect(reasons == ["it is now among the 1 newest of its claim"])
            #expect(fixture.metric("sb_nfs_archive_purge_failures_total") == 0)
            #expect(fixture.metric("sb_nfs_archives_due_for_purge") == 0)
            #expect(fixture.records.metadata(of: "retention run finished").map { $0["purged"] } == ["0"])
            #expect(try await fixture.share.archive("old").state == .archived)
        }
    }

    @Test("K4: a claim or volume made after the review keeps the archive, also after its directory was moved")
    func clusterMeanwhile() async throws {
        for before in 1...2 {
            try await RetentionFixture.run { fixture in
                try await fixture.archive("old")
                let none = Array(repeating: ArchiveProtection.none, count: before)
                let failed = await fixture.run(
                    RetentionRunTests.policy,
                    protection: Self.cluster(none + [Self.claimed])
                ).failed
                #expect(try fixture.archives == ["old"] && fixture.auditedPurges == [] && failed == [])
                let reasons = fixture.records.metadata(of: "archive kept").map { $0["reason"].map { "\($0)" } }
                #expect(reasons == ["claim clinic/db requests it"])

                let place = "\(fixture.folder.path())/archived-clinic-db-old"
                _ = await fixture.run(
                    RetentionRunTests.policy,
                    protection: Self.cluster(none + [Self.protection(volumeAt: place)])
                )
                #expect(try fixture.archives == ["old"] && fixture.auditedPurges == [])
                _ = await fixture.run(RetentionRunTests.policy)
                #expect(try fixture.archives == [])
            }
        }
    }

    @Test("Nothing is purged while the cluster does not answer")
    func silentCluster() async throws {
        struct Silence: Error {}
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            _ = await fixture.run(RetentionRunTests.policy, protection: { throw Silence() })
            #expect(try fixture.archives == ["old"])
            #expect(fixture.metric("sb_nfs_retention_blocked") == 1)
            let run = await fixture.run(
                RetentionRunTests.policy,
                protection: {
                    guard !fixture.isReviewed.exchange(true, ordering: .relaxed) else { throw Silence() }
                    return .none
                }
            )
            #expect(try fixture.archives == ["old"] && run.failed.count == 1)
        }
    }
}

extension RetentionFixture {
    /// What becomes of an archive meanwhile.
    fileprivate func change(_ id: String, _ change: String) async throws {
        let place = folder.appending(path: "archived-clinic-db-\(id)")
        let aside = folder.appending(path: "aside-\(id)")
        try await share.open { opened in
            guard var record = try await opened.archiveIfPresent(id) else { return }
            let (root, name) = (opened.folder.root.handle, try NFSName(record.to))
            switch change {
            case "purged": record.state = .purged
            case "restored": record.state = .restored
            case "released before":
                record.releasedAt = record.releasedAt.map { Timestamp(seconds: $0.seconds - 30 * 86_400) }
            case "renamed", "removed", "replaced":
                guard !FileManager.default.fileExists(atPath: aside.path()) else { return }
                try await share.export.rename(name, in: root, to: NFSName(aside.lastPathComponent), in: root)
                if change == "removed" {
                    _ = try await share.export.removeTree(NFSName(aside.lastPathComponent), in: root)
                }
                if change == "replaced" { _ = try await share.export.makeDirectory(name, in: root, mode: 0o755) }
                return
            default:
                #expect(FileManager.default.fileExists(atPath: place.path()))
                return
            }
            try await opened.records.write(record)
        }
    }
}
