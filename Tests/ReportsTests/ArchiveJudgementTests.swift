import Backup
import Kubernetes
import Presentation
import Testing

@testable import Provisioning
@testable import Reports

@Suite("What a report says of an archive")
struct ArchiveJudgementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let verdict: BackupVerdict
        let words: String
        let change: @Sendable (inout ArchiveRecord) -> Void

        init(
            _ name: String,
            _ verdict: BackupVerdict,
            _ words: String,
            _ change: @escaping @Sendable (inout ArchiveRecord) -> Void
        ) {
            (testDescription, self.verdict, self.words, self.change) = (name, verdict, words, change)
        }
    }

    static let cases = [
        Case("backed up", .ok, "backed up by hook restic") { $0.hooks = [Sample.hook()] },
        Case("nothing asked", .ok, "no hook has backed it up, and none is required to") { _ in },
        Case("no backup wanted", .ok, "no backup is required") { $0.backup = BackupRequirement.none },
        Case("required and none", .missing, "it needs a backup, and no hook has made one") { $0.backup = .required },
        Case("required and skipped", .missing, "it needs a backup") {
            ($0.backup, $0.hooks) = (.required, [Sample.hook(.skipped)])
        },
        Case("failed, continued after", .failed, "hook restic (beforeArchive) failed at attempt 2: no room") {
            $0.hooks = [Sample.hook(.failed, message: "no room")]
        },
        Case("timed out after another succeeded", .failed, "hook restic (afterArchive) failed") {
            $0.hooks = [Sample.hook(), Sample.hook(.timedOut, phase: .afterArchive)]
        },
        Case("its purge's hook fails", .failed, "(beforePurge) failed") {
            $0.hooks = [Sample.hook(), Sample.hook(.failed, phase: .beforePurge)]
        },
        Case("held", .ok, "held: court") { $0.hold = ArchiveRecord.Hold(reason: "court", at: Sample.ago(1)) },
        Case("just begun", .ok, "it is being archived") {
            ($0.state, $0.archivedAt, $0.requestedAt) = (.intent, nil, Sample.ago(60))
        },
        Case("begun long ago", .overdue, "it is being archived; 2 h so far") {
            ($0.state, $0.archivedAt, $0.requestedAt) = (.intent, nil, Sample.ago(7300))
        },
        Case("begun, its hook fails", .failed, "hook restic") {
            ($0.state, $0.archivedAt, $0.requestedAt) = (.intent, nil, Sample.ago(7300))
            $0.hooks = [Sample.hook(.failed)]
        },
        Case("hooks after the rename for long", .overdue, "10 d so far") {
            ($0.state, $0.archivedAt) = (.renamed, nil)
        },
        Case("restore that hangs", .overdue, "it is being restored as volume pvc-new") {
            $0.state = .restoring
            $0.restore = ArchiveRecord.Restore(volume: "pvc-new", path: "p", requestedAt: Sample.ago(3601))
        },
        Case("purge under way", .ok, "it is being purged") {
            $0.state = .purging
            $0.purge = ArchiveRecord.Purge(reason: "r", requestedAt: Sample.ago(3600))
        },
        Case("purge that hangs", .overdue, "it is being purged; 60 min so far") {
            $0.state = .purging
            $0.purge = ArchiveRecord.Purge(reason: "r", requestedAt: Sample.ago(3601))
        },
        Case("purged", .ok, "it was purged: old") {
            $0.state = .purged
            $0.purge = ArchiveRecord.Purge(reason: "old", requestedAt: Sample.ago(5), doneAt: Sample.ago(4))
        },
        Case("purged without its backup", .warning, "it needed a backup and had none") {
            ($0.state, $0.backup) = (.purged, .required)
        },
        Case("restored", .ok, "restored as volume pvc-new") {
            $0.state = .restored
            $0.restore = ArchiveRecord.Restore(volume: "pvc-new", path: "p", requestedAt: Sample.ago(9))
        },
        Case("archived in the future", .unknown, "a clock was wrong") { $0.archivedAt = Sample.ago(-301) },
        Case("a hook in the future", .unknown, "a clock was wrong") {
            var hook = Sample.hook()
            hook.finishedAt = Sample.ago(-86_400)
            $0.hooks = [hook]
        },
        Case("a clock that is a little ahead", .ok, "none is required to") { $0.archivedAt = Sample.ago(-299) },
    ]

    @Test("By its record alone", arguments: cases)
    func record(_ expected: Case) {
        let record = Sample.archive(change: expected.change)
        let judgement = BackupJudgement(of: record, in: Sample.sources())
        #expect(judgement.verdict == expected.verdict && judgement.reason.contains(expected.words), "\(judgement)")
    }

    /// A policy that keeps archives for some days, and the item it gives.
    private func item(
        keptFor days: Int64,
        beside: [CatalogueEntry] = [],
        cluster: String? = nil,
        change: (inout RetentionPolicy) -> Void = { _ in }
    ) throws -> BackupItem {
        var policy = RetentionPolicy()
        policy.standard = RetentionRule(keepFor: .age(Age(seconds: days * Sample.day)))
        change(&policy)
        let archive = CatalogueEntry.archive(Sample.archive { $0.cluster = cluster })
        let sources = Sample.sources(catalogue: [archive] + beside) { $0.retention = policy }
        return try #require(BackupReport(of: sources, filter: ReportFilter()).items.first { $0.id == "pvc-a" })
    }

    @Test("A purge that is due for more than a day is overdue, unless the policy only says what it would do")
    func overduePurge() throws {
        #expect(try item(keptFor: 30).verdict == .ok && item(keptFor: 30).keptUntil == Sample.ago(-20 * Sample.day))
        let due = try item(keptFor: 9)
        #expect(due.verdict == .ok && due.reason.contains("due for purging since 2026-06-14T12:00:00Z"))
        #expect(try item(keptFor: 8).verdict == .overdue)
        #expect(try item(keptFor: 8) { $0.isDryRun = true }.verdict == .ok)
        let broken = CatalogueEntry.unreadable(name: "b", reason: "the record b cannot be read")
        let reason = try item(keptFor: 8, beside: [broken]).reason
        #expect(reason.contains("nothing on the share is purged") && !reason.contains("the record b"))
    }

    @Test("The policy is not for another cluster's archives")
    func anotherCluster() throws {
        let item = try item(keptFor: 8, cluster: "there")
        #expect(item.verdict == .ok && item.keptUntil == nil && item.cluster == "there")
    }

    @Test("An item without a record, or with a broken one, is never well")
    func unknown() {
        let catalogue = [
            CatalogueEntry.foreign(name: "archived-x"), .unreadable(name: "pvc-b", reason: "the record cannot be read"),
        ]
        let report = BackupReport(of: Sample.sources(catalogue: catalogue), filter: ReportFilter())
        #expect(report.items.map(\.state) == ["foreign", "unreadable"])
        #expect(report.items.allSatisfy { $0.verdict == .unknown } && report.summary.verdicts["unknown"] == 2)
        #expect(report.gaps.map(\.record) == ["pvc-b"])
    }
}
