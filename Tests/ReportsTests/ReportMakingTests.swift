import Backup
import Kubernetes
import NFS
import Presentation
import Testing

@testable import Provisioning
@testable import Reports

@Suite("Reports made of values")
struct ReportMakingTests {
    /// A volume in use, an archive without the backup it needs, and one that was purged.
    static let sources = Sample.sources(
        volumes: [.record(Sample.volume())],
        catalogue: [
            .archive(Sample.archive { $0.backup = .required }),
            .archive(
                Sample.archive("pvc-gone") {
                    $0.state = .purged
                    let time = Sample.ago(2 * Sample.day)
                    $0.purge = ArchiveRecord.Purge(reason: "old", requestedAt: time, doneAt: time)
                }
            ),
        ],
        cluster: [Sample.clusterVolume()],
        usage: [
            "pvc-v": UsageHistory(samples: [Sample.used(3 << 30), Sample.used(1 << 30, Sample.ago(Sample.day))]),
            "pvc-gone": UsageHistory(samples: [Sample.used(7)]),
        ]
    )

    private func ids(_ filter: ReportFilter) -> [String] {
        BackupReport(of: Self.sources, filter: filter).items.map(\.id)
    }

    @Test("The summary counts what is there, and says how much of it is not measured")
    func summary() {
        let report = BackupReport(of: Self.sources, filter: ReportFilter())
        #expect(report.items.map(\.id) == ["pvc-a", "pvc-v"] && report.cluster == "here")
        let summary = report.summary
        #expect(summary.volumes == 1 && summary.archives == 1 && summary.ended == 1 && summary.unmeasured == 1)
        #expect(summary.requestedBytes == 3 << 30 && summary.usedBytes == 3 << 30)
        #expect(summary.verdicts["ok"] == 1 && summary.verdicts["missing"] == 1 && summary.verdicts["failed"] == 0)
    }

    @Test("The next purges are the soonest five")
    func nextPurges() {
        var policy = RetentionPolicy()
        policy.standard = RetentionRule(keepFor: .age(Age(seconds: 30 * Sample.day)))
        let archives = (1...7).map { days in
            CatalogueEntry.archive(
                Sample.archive("pvc-\(days)") { $0.archivedAt = Sample.ago(Int64(days) * Sample.day) }
            )
        }
        let sources = Sample.sources(catalogue: archives) { $0.retention = policy }
        let purges = BackupReport(of: sources, filter: ReportFilter()).summary.nextPurges
        #expect(purges.map(\.archive) == ["pvc-7", "pvc-6", "pvc-5", "pvc-4", "pvc-3"])
    }

    @Test("A filter leaves out what it does not name; what has ended is shown where a state names it")
    func filters() {
        #expect(ids(ReportFilter(namespaces: ["shop"])) == ["pvc-v"])
        #expect(ids(ReportFilter(classes: ["other"])) == [])
        #expect(ids(ReportFilter(states: ["bound"])) == ["pvc-v"])
        #expect(ids(ReportFilter(states: ["Purged"])) == ["pvc-gone"])
        #expect(ids(ReportFilter(since: Sample.ago(12 * Sample.day))) == ["pvc-a"])
        #expect(ids(ReportFilter(until: Sample.ago(12 * Sample.day))) == ["pvc-v"])
        let failures = BackupReport(of: Self.sources, filter: ReportFilter(failuresOnly: true))
        #expect(failures.items.map(\.id) == ["pvc-a"] && failures.summary.verdicts["ok"] == 1)
    }

    @Test("Sums stop at the largest number, whatever is on a share")
    func overflow() {
        let volumes = ["a", "b"].map { name in RecordEntry.record(Sample.volume(name) { $0.capacity = "7Ei" }) }
        let usage = ["a", "b"].map { ($0, UsageHistory(samples: [Sample.used(.max)])) }
        let sources = Sample.sources(volumes: volumes, usage: Dictionary(uniqueKeysWithValues: usage))
        let summary = BackupReport(of: sources, filter: ReportFilter()).summary
        #expect(summary.usedBytes == .max && summary.requestedBytes == .max)
        #expect(UsageReport(of: sources, filter: ReportFilter()).byExport.first?.usedBytes == .max)
    }

    @Test("Usage is added up by export, class, namespace and claim, with its growth")
    func usage() throws {
        let report = UsageReport(of: Self.sources, filter: ReportFilter(), growthSince: Sample.ago(Sample.day))
        let row = try #require(report.byNamespace.first { $0.namespace == "shop" })
        #expect(row.usedBytes == 3 << 30 && row.requestedBytes == 2 << 30 && row.growthBytes == 2 << 30)
        #expect(row.files == 3 && row.isAboveRequest)
        #expect(report.byExport.map(\.volumes) == [1] && report.byExport.map(\.archives) == [1])
        #expect(report.byExport.map(\.unmeasured) == [1] && report.byClass.map(\.storageClass) == ["standard"])
        #expect(report.byClaim.map { "\($0.namespace ?? "")/\($0.claim ?? "")" } == ["clinic/db", "shop/web"])
        let failures = UsageReport(of: Self.sources, filter: ReportFilter(failuresOnly: true))
        #expect(failures.byNamespace.map(\.namespace) == ["shop"] && failures.byNamespace.first?.growthBytes == nil)
    }

    @Test("The audit report has all shares' lines, oldest first, by time, namespace, class and action")
    func audit() {
        var sources = Self.sources
        let claim = ClaimReference(ObjectReference(namespace: "shop", name: "web", uid: "u"))
        let actions = [(AuditEntry.Action.purged, 1, "pvc-gone"), (.created, 3, "pvc-v"), (.missing, 2, "pvc-x")]
        sources.shares[0].audit = actions.map { action, days, volume in
            AuditEntry(
                moment: MicroTime(Sample.ago(Int64(days) * Sample.day)),
                action: action,
                volume: volume,
                claim: action == .created ? claim : nil,
                path: "p",
                reason: "r"
            )
        }
        func found(_ filter: ReportFilter) -> [AuditEntry.Action] {
            AuditReport(of: sources, filter: filter).lines.map(\.entry.action)
        }
        #expect(found(ReportFilter()) == [.created, .missing, .purged])
        #expect(found(ReportFilter(since: Sample.ago(2 * Sample.day))) == [.missing, .purged])
        #expect(found(ReportFilter(namespaces: ["shop"])) == [.created])
        #expect(found(ReportFilter(classes: ["standard"])) == [.created, .purged])
        #expect(found(ReportFilter(states: ["purged"])) == [.purged])
        #expect(found(ReportFilter(failuresOnly: true)) == [.missing])
    }

    @Test("What was done within one second, by two processes, is in the order in which it was done")
    func auditWithinASecond() {
        var sources = Self.sources
        let start = MicroTime(Sample.now).microseconds
        sources.shares[0].audit = [(AuditEntry.Action.restored, 700_000), (.archived, 100), (.purged, 900_000)].map {
            AuditEntry(moment: MicroTime(microseconds: start + $1), action: $0, volume: "v", path: "p", reason: "r")
        }
        let actions = AuditReport(of: sources, filter: ReportFilter()).lines.map(\.entry.action)
        #expect(actions == [.archived, .restored, .purged])
    }

    @Test("Data of another cluster on the share is left out of this cluster's reports, including the sums")
    func otherClusters() {
        func line(_ volume: String, of cluster: String?) -> AuditEntry {
            let claim = Sample.archive().claim
            return AuditEntry(
                moment: MicroTime(Sample.now),
                action: .archived,
                volume: volume,
                claim: claim,
                path: "p",
                reason: "",
                cluster: cluster
            )
        }
        let sources = Sample.sources(
            volumes: [
                .record(Sample.volume { $0.cluster = "here" }),
                .record(Sample.volume("pvc-w") { $0.cluster = "there" }),
            ],
            catalogue: [
                .archive(Sample.archive { $0.cluster = "here" }),
                .archive(Sample.archive("pvc-b") { $0.cluster = "there" }),
            ],
            cluster: [Sample.clusterVolume()]
        ) {
            $0.shares[0].audit = [line("pvc-a", of: "here"), line("pvc-b", of: "there"), line("pvc-c", of: nil)]
        }
        let filter = ReportFilter(namespaces: ["clinic", "shop"])
        func ids(_ sources: ReportSources) -> [String] {
            BackupReport(of: sources, filter: filter).items.map(\.id).sorted()
        }
        #expect(ids(sources) == ["pvc-a", "pvc-b", "pvc-v", "pvc-w"])
        let own = sources.ofThisCluster
        #expect(ids(own) == ["pvc-a", "pvc-v"])
        #expect(UsageReport(of: own, filter: filter).byExport.map(\.requestedBytes) == [3 << 30])
        #expect(AuditReport(of: own, filter: filter).lines.map(\.entry.volume) == ["pvc-a", "pvc-c"])
        #expect(AuditReport(of: sources, filter: filter).lines.count == 3)
    }
}
