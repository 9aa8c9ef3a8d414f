import Foundation
import Kubernetes
import Logging
import NFS
import Presentation
import TestBed
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Retention on a real share: what is purged, and what stays")
struct RetentionRunTests {
    /// Five days, and all requests count.
    static let policy: RetentionPolicy = {
        var policy = RetentionPolicy()
        policy.standard = RetentionRule(keepFor: .age(Age(seconds: 5 * 86_400)))
        policy.honouredRequests = Set(RetentionRequest.allCases)
        return policy
    }()

    @Test("Due archives are purged, with the rule in the record, the audit log and the log; others stay")
    func purged() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            try await fixture.archive("new", days: 1)
            try await fixture.archive("held") { $0.hold = ArchiveRecord.Hold(reason: "court", at: .now) }
            try await fixture.archive("requested") {
                $0.notes = ClaimNotes(annotations: [RetentionRequest.keepFor.rawValue: "11d"])
            }
            try await fixture.archive("ours") { $0.cluster = "ours" }
            try await fixture.archive("theirs") { $0.cluster = "theirs" }
            try await fixture.archive("doubtful") {
                $0.notes = ClaimNotes(annotations: [RetentionRequest.keepFor.rawValue: "long"])
            }
            let failed = await fixture.run(Self.policy).failed
            let why = "retention: older than 5d (default rule)"
            #expect(try fixture.archives == ["doubtful", "held", "new", "requested", "theirs"] && failed == [])
            #expect(try fixture.auditedPurges.sorted() == ["old: \(why)", "ours: \(why)"].sorted())
            let record = try await fixture.share.archive("old")
            #expect(record.state == .purged && record.purge?.reason == why && record.purge?.doneAt != nil)
            let lines = fixture.records.metadata(of: "archive purged")
            #expect(lines.count == 2 && lines.allSatisfy { $0["reason"] == "\(why)" && $0["claim"] == "clinic/db" })
            #expect(fixture.records.metadata(of: "retention run finished").map { $0["purged"] } == ["2"])
            #expect(
                fixture.records.metadata(of: "archives kept: retention is undecidable").map { $0["archives"] } == [
                    "1"
                ]
            )
            #expect(fixture.metric("sb_nfs_archive_purges_total") == 2)
            #expect(fixture.metric("sb_nfs_archive_purge_failures_total") == 0)
            #expect(fixture.metric("sb_nfs_archives_due_for_purge") == 0)
            #expect(fixture.metric("sb_nfs_retention_blocked") == 0)
        }
    }

    @Test("A run with nothing to do logs nothing")
    func quiet() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("new", days: 1)
            _ = await fixture.run(Self.policy)
            #expect(fixture.records.messages == [])
        }
    }

    @Test("A share that no controller has used stays unmarked")
    func unused() async throws {
        try await RetentionFixture.run { fixture in
            _ = await fixture.run(Self.policy)
            let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path())
            #expect(names == [])
            #expect(fixture.records.messages == [])
        }
    }

    @Test("An unreadable record keeps everything on its share, also archives being purged")
    func unreadable() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            try await fixture.archive("begun") { $0.state = .purging }
            try await fixture.breakRecord("broken")
            _ = await fixture.run(Self.policy)
            #expect(try fixture.archives == ["begun", "old"] && fixture.auditedPurges == [])
            let said = fixture.records.metadata(of: "archives are not purged").first?["error"].map { "\($0)" } ?? ""
            #expect(said.contains("archives/broken.json"))
            #expect(fixture.metric("sb_nfs_retention_blocked") == 1)
            #expect(fixture.metric("sb_nfs_archives_due_for_purge") == 2)
            #expect(!fixture.records.messages.contains("retention run finished"))
        }
    }

    @Test("An interrupted purge continues with its original reason")
    func resumed() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("begun", days: 0) {
                $0.state = .purging
                $0.purge = ArchiveRecord.Purge(reason: "erasure request 7", requestedAt: .now)
            }
            _ = await fixture.run(Self.policy)
            #expect(try fixture.archives == [] && fixture.auditedPurges == ["begun: erasure request 7"])
        }
    }

    @Test("A dry run lists what it would purge, and changes nothing")
    func dryRun() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            var policy = Self.policy
            policy.isDryRun = true
            _ = await fixture.run(policy)
            #expect(try fixture.archives == ["old"] && fixture.auditedPurges == [])
            #expect(try await fixture.share.archive("old").state == .archived)
            #expect(fixture.records.messages == ["archive would be purged"])
        }
    }

    @Test("A run purges up to the limit, the oldest first")
    func limit() async throws {
        try await RetentionFixture.run { fixture in
            for (id, days) in [("c", 7), ("a", 9), ("b", 8)] as [(String, Int64)] {
                try await fixture.archive(id, days: days)
            }
            var policy = Self.policy
            policy.purgesPerRun = 2
            _ = await fixture.run(policy)
            #expect(try fixture.archives == ["c"])
            #expect(fixture.records.metadata(of: "retention run finished").map { $0["left"] } == ["1"])
            _ = await fixture.run(policy)
            #expect(try fixture.archives == [])
        }
    }

    @Test("A failed purge is reported, stops no other, and does not come first the next time")
    func failure() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("replaced", days: 9) { $0.directory.fileID += 1 }
            try await fixture.archive("old", days: 8)
            try await fixture.archive("older", days: 7)
            var policy = Self.policy
            policy.purgesPerRun = 2
            let first = await fixture.run(policy)
            #expect(first.failed == [ArchiveLocation(share: fixture.address, id: "replaced")])
            #expect(try fixture.archives == ["older", "replaced"])
            let said = fixture.records.metadata(of: "archive not purged").first?["error"].map { "\($0)" } ?? ""
            #expect(said.contains("is not the directory that was archived as replaced"))
            #expect(fixture.metric("sb_nfs_archive_purge_failures_total") == 1)
            #expect(fixture.metric("sb_nfs_archives_due_for_purge") == 2)
            policy.purgesPerRun = 1
            _ = await fixture.run(policy, failedBefore: first.failed)
            #expect(try fixture.archives == ["replaced"])
        }
    }

    @Test("L6: without the lease nothing is changed")
    func leaseLost() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            fixture.gate.close()
            _ = await fixture.run(Self.policy)
            #expect(try fixture.archives == ["old"] && fixture.auditedPurges == [])
            #expect(try await fixture.share.archive("old").state == .archived)
        }
    }

    @Test("A cancelled run starts no purge and reports no failure")
    func cancelled() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            let run = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await fixture.run(Self.policy)
            }
            _ = await run.value
            #expect(try fixture.archives == ["old"] && fixture.records.messages == [])
        }
    }

    @Test(
        "K4: what changed since the review counts: a hold, a restore, a new request",
        arguments: ["hold", "restore", "request"]
    )
    func changedMeanwhile(change: String) async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            let review = RetentionReview(
                of: try await fixture.share.catalogue(),
                policy: Self.policy,
                now: .now,
                on: fixture.address.export
            )
            let expired = try #require(review.expired.first)
            try await fixture.share.open { opened in
                var record = expired.record
                switch change {
                case "hold": record.hold = ArchiveRecord.Hold(reason: "court", at: .now)
                case "restore": record.state = .restoring
                default: record.notes = ClaimNotes(annotations: [RetentionRequest.keepFor.rawValue: "forever"])
                }
                try await opened.records.write(record)
            }
            let error = await #expect(throws: ShareError.self) {
                try await fixture.share.purge(expired) { .none }
            }
            let sentences = [
                "hold": "is held (court)", "restore": "it is being restored into",
                "request": "changed after it was found due",
            ]
            #expect(error?.description.contains(sentences[change] ?? "none") == true)
            #expect(try fixture.archives == ["old"] && fixture.auditedPurges == [])
        }
    }

    @Test("The task runs repeatedly, and continues after a share was unreachable")
    func task() async throws {
        try await RetentionFixture.run { fixture in
            try await fixture.archive("old")
            var policy = Self.policy
            policy.interval = Age(seconds: 1)
            let away = ShareAddress(
                export: try #require(ExportPath(server: "127.0.0.1", path: "/srv")),
                options: try ConnectionOptions.parse(["port=1", "mountport=1", "timeo=10", "retrans=0"])
            )
            let (logger, records) = RecordingLogHandler.logger()
            let task = RetentionTask(
                policy: policy,
                protection: { .none },
                metrics: fixture.metrics,
                logger: logger
            )
            let work = Task { await task.run(on: fixture.shares) { [away, fixture.address] } }
            try await eventually("the first is purged") { try fixture.archives.isEmpty }
            try await eventually("the run is over") { fixture.metric("sb_nfs_retention_blocked") == 0 }
            try await fixture.archive("next")
            try await eventually("the next is purged") { try fixture.archives.isEmpty }
            try await eventually("both are counted") { fixture.metric("sb_nfs_archive_purges_total") == 2 }
            work.cancel()
            await work.value
            // Whoever leads now knows better.
            #expect(fixture.metric("sb_nfs_retention_blocked") == nil)
            #expect(records.messages.contains("archives could not be read"))
        }
    }
}
