import Kubernetes
import Prometheus
import TestBed
import Testing

@testable import NFS
@testable import Provisioning

@Suite("Metrics of archives, backups, exports and usage")
struct MetricsTests {
    private let export = ExportPath(server: "nas", path: "/srv")

    private func record(
        _ id: String,
        _ state: ArchiveRecord.State,
        at seconds: Int64,
        change: (inout ArchiveRecord) -> Void = { _ in }
    ) -> CatalogueEntry {
        var record = ArchiveRecord(
            id: id,
            claim: ClaimReference(ObjectReference(namespace: "clinic", name: "db", uid: "uid")),
            from: "clinic-db-\(id)",
            to: "archived-clinic-db-\(id)",
            directory: DirectoryIdentity(.sample),
            reason: "onDelete: archive",
            state: state,
            requestedAt: Timestamp(seconds: seconds)
        )
        change(&record)
        return .archive(record)
    }

    private func result(_ outcome: HookResult.Outcome, at seconds: Int64, _ name: String = "tape") -> HookResult {
        let time = Timestamp(seconds: seconds)
        return HookResult(
            name: name,
            phase: .afterArchive,
            kind: .job,
            outcome: outcome,
            attempts: 1,
            startedAt: time,
            finishedAt: time,
            message: "it ended"
        )
    }

    /// The series of a scrape whose names begin so.
    private func series(_ registry: Registry, _ prefix: String) -> [String] {
        registry.text().split(separator: "\n").filter { $0.hasPrefix(prefix) }.map(String.init)
    }

    @Test(
        "Archives are counted by state, with the oldest unfinished one; another cluster's do not count"
    )
    func counts() {
        let counts = ArchiveCounts(
            of: [
                record("a", .intent, at: 50),
                record("b", .archived, at: 60) { $0.archivedAt = Timestamp(seconds: 70) },
                record("c", .archived, at: 40) { $0.backup = .required },
                record("d", .purging, at: 10) {
                    $0.purge = ArchiveRecord.Purge(reason: "r", requestedAt: Timestamp(seconds: 90))
                },
                record("e", .purged, at: 1) { $0.backup = .required },
                record("f", .archived, at: 2) { $0.cluster = "theirs" },
                record("g", .archived, at: 45) { $0.cluster = "ours" },
                .foreign(name: "archived-x"), .unreadable(name: "h", reason: "it is broken"),
            ],
            cluster: "ours"
        )
        #expect(
            counts.counts.filter { $0.value > 0 } == [
                "intent": 1, "archived": 3, "purging": 1, "purged": 1, "foreign": 1, "unreadable": 1,
            ]
        )
        #expect(counts.counts["restoring"] == 0)
        #expect(counts.oldest.mapValues(\.seconds) == ["intent": 50, "archived": 40, "purging": 90])
        #expect(counts.withoutBackup == 1)
    }

    @Test("A backup is good when every hook of the archive succeeded; the latest one of a namespace counts")
    func backups() throws {
        let registry = Registry()
        let metrics = ProvisioningMetrics(registry)
        let export = try #require(export)
        let name = #"sb_nfs_last_successful_backup_timestamp_seconds{namespace="clinic"} "#
        metrics.archives.note(
            [
                record("a", .archived, at: 1) { $0.hooks = [result(.succeeded, at: 30)] },
                record("b", .purged, at: 1) { $0.hooks = [result(.succeeded, at: 20)] },
                record("c", .archived, at: 1) {
                    $0.hooks = [result(.succeeded, at: 99), result(.failed, at: 98, "b")]
                },
                record("d", .archived, at: 1),
            ],
            of: export,
            cluster: nil
        )
        #expect(series(registry, "sb_nfs_last_") == [name + "30"])
        metrics.hooks.backups.note([result(.succeeded, at: 25)], namespace: "clinic")
        #expect(series(registry, "sb_nfs_last_") == [name + "30"])
        metrics.hooks.backups.note([result(.succeeded, at: 40)], namespace: "clinic")
        #expect(series(registry, "sb_nfs_last_") == [name + "40"])
    }

    @Test("The counts of an export's archives disappear with the export, and with the leadership")
    func forgotten() throws {
        let registry = Registry()
        let metrics = ProvisioningMetrics(registry)
        let export = try #require(export)
        metrics.archives.note([record("a", .archived, at: 1)], of: export, cluster: nil)
        let archived = #"sb_nfs_archives{export="nas:/srv",state="archived"} 1"#
        #expect(series(registry, "sb_nfs_archives{").contains(archived))
        metrics.archives.keep(only: [export])
        #expect(series(registry, "sb_nfs_archives{").contains(archived))
        metrics.archives.keep(only: [])
        #expect(series(registry, "sb_nfs_archive") == [])
    }

    @Test("An export that does not answer is down and has no free space; one no longer configured is gone")
    func exports() throws {
        let registry = Registry()
        let metrics = ProvisioningMetrics(registry).exports
        let export = try #require(export)
        let room = FileSystemStatistics(
            totalBytes: 9,
            freeBytes: 5,
            availableBytes: 4,
            totalFiles: 3,
            freeFiles: 2,
            availableFiles: 2
        )
        let probe = ShareProbe(roundTrip: .milliseconds(3), room: room)
        #expect(metrics.note(probe, of: export) == nil)
        #expect(series(registry, "sb_nfs_export_up") == [#"sb_nfs_export_up{export="nas:/srv"} 1"#])
        #expect(series(registry, "sb_nfs_export_size") == [#"sb_nfs_export_size_bytes{export="nas:/srv"} 9"#])
        #expect(
            series(registry, "sb_nfs_export_round_trip_seconds_sum")
                == [#"sb_nfs_export_round_trip_seconds_sum{export="nas:/srv"} 0.003"#]
        )
        #expect(metrics.note(nil, of: export) == true)
        #expect(series(registry, "sb_nfs_export_up") == [#"sb_nfs_export_up{export="nas:/srv"} 0"#])
        #expect(series(registry, "sb_nfs_export_size") == [])
        #expect(metrics.note(probe, of: export) == false)
        metrics.keep(only: [])
        #expect(series(registry, "sb_nfs_export_up") == [])
    }
}
