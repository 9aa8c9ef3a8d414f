import Kubernetes
import Testing

@testable import Provisioning
@testable import Reports

@Suite("What a report says of a volume")
struct VolumeJudgementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let state: String
        let verdict: BackupVerdict
        let words: String
        var record: VolumeRecord? = Sample.volume()
        var volume: PersistentVolume? = Sample.clusterVolume()
        var hasHook = false
        var isClusterAsked = true

        init(
            _ name: String,
            _ state: String,
            _ verdict: BackupVerdict,
            _ words: String,
            change: (inout Case) -> Void = { _ in }
        ) {
            (testDescription, self.state, self.verdict, self.words) = (name, state, verdict, words)
            change(&self)
        }
    }

    private static let required = Sample.volume { $0.backup = .required }

    static let cases = [
        Case("in use", "Bound", .ok, "in use"),
        Case("in use, and a hook is for it", "Bound", .ok, "a hook backs it up when it is archived") {
            $0.hasHook = true
        },
        Case("required, and no hook is for it", "Bound", .warning, "no hook makes one") { $0.record = required },
        Case("required, and a hook is for it", "Bound", .ok, "a hook backs it up") {
            ($0.record, $0.hasHook) = (required, true)
        },
        Case("the claim's request is the volume's annotation", "Bound", .warning, "no hook makes one") {
            $0.volume = Sample.clusterVolume { $0.metadata.annotations?[AnnotationKey.backup] = "required" }
        },
        Case("its hook failed", "Bound", .failed, "hook restic (afterProvision) failed") {
            $0.record = Sample.volume { $0.hooks = [Sample.hook(.failed, phase: .afterProvision)] }
        },
        Case("its record is lost", "Bound", .warning, "its record is not on the share") { $0.record = nil },
        Case("another provisioner's", "Bound", .ok, "another provisioner created it") {
            $0.record = nil
            $0.volume = Sample.clusterVolume { $0.metadata.annotations?[AnnotationKey.share] = nil }
        },
        Case("released just now", "Released", .ok, "waits to be reclaimed") {
            $0.volume = Sample.clusterVolume(phase: .released) {
                $0.status?.lastPhaseTransitionTime = Sample.ago(3600)
            }
        },
        Case("released long ago", "Released", .overdue, "waits to be reclaimed; 60 min so far") {
            $0.volume = Sample.clusterVolume(phase: .released) {
                $0.status?.lastPhaseTransitionTime = Sample.ago(3601)
            }
        },
        Case("released, nobody knows when", "Released", .warning, "since when is unknown") {
            $0.volume = Sample.clusterVolume(phase: .released)
        },
        Case("released under Retain", "Released", .ok, "its policy keeps its data") {
            $0.volume = Sample.clusterVolume(phase: .released) { $0.spec?.persistentVolumeReclaimPolicy = .retain }
        },
        Case("retained without the backup it needs", "retained", .missing, "no hook makes one") {
            ($0.record, $0.volume) = (required, nil)
            $0.record?.release = VolumeRecord.Release(action: .retain, at: Sample.ago(5))
        },
        Case("a deletion that hangs", "deleting", .overdue, "it is being deleted; 60 min so far") {
            $0.volume = nil
            $0.record?.release = VolumeRecord.Release(action: .delete, at: Sample.ago(3601))
        },
        Case("failed", "Failed", .warning, "its phase is Failed: why") {
            $0.volume = Sample.clusterVolume(phase: .failed) { $0.status?.message = "why" }
        },
        Case("being made", "absent", .ok, "it is being created") {
            ($0.record, $0.volume) = (Sample.volume { $0.createdAt = Sample.ago(60) }, nil)
        },
        Case("abandoned", "absent", .warning, "no volume in the cluster") { $0.volume = nil },
        Case("another cluster's", "elsewhere", .unknown, "it belongs to another cluster") {
            ($0.record, $0.volume) = (Sample.volume { $0.cluster = "there" }, nil)
        },
        Case("the cluster is not asked", "recorded", .unknown, "the cluster was not asked") {
            ($0.volume, $0.isClusterAsked) = (nil, false)
        },
        Case("made in the future", "Bound", .unknown, "a clock was wrong") {
            $0.record = Sample.volume { $0.createdAt = Sample.ago(-301) }
        },
    ]

    @Test("By its record and the cluster", arguments: cases)
    func judged(_ expected: Case) throws {
        let sources = Sample.sources(
            volumes: [expected.record].compactMap { $0.map(RecordEntry.record) },
            cluster: expected.isClusterAsked ? [expected.volume].compactMap { $0 } : nil
        ) { sources in
            sources.hasHooks = { $0.phase == .afterArchive && expected.hasHook }
        }
        let item = try #require(BackupReport(of: sources, filter: ReportFilter()).items.first)
        #expect(item.verdict == expected.verdict && item.reason.contains(expected.words), "\(item)")
        #expect(item.state == expected.state && item.path == "shop-web-pvc-v" && item.namespace == "shop")
        #expect(item.requestedBytes == 2 << 30)
    }

    @Test("If the share or a record cannot be read, no item of it is well")
    func unseen() throws {
        let broken = RecordEntry<VolumeRecord>.unreadable(name: "pvc-v", reason: "the record cannot be read")
        let flawed = BackupReport(
            of: Sample.sources(volumes: [broken], cluster: [Sample.clusterVolume()]),
            filter: ReportFilter()
        )
        #expect(flawed.items.map(\.verdict) == [.unknown] && flawed.items.map(\.state) == ["Bound"])
        #expect(flawed.gaps.count == 1)
        let down = Sample.sources(cluster: [Sample.clusterVolume()]) { sources in
            sources.shares[0].hasRecords = false
            sources.shares[0].failures = [ReportGap(export: "nas:/srv", reason: "no answer")]
        }
        let report = BackupReport(of: down, filter: ReportFilter())
        #expect(report.items.map(\.verdict) == [.unknown] && report.gaps == down.shares[0].failures)
        let silent = Sample.sources(volumes: [.record(Sample.volume())]) { $0.cluster = .failed(reason: "refused") }
        let alone = BackupReport(of: silent, filter: ReportFilter())
        #expect(alone.items.map(\.verdict) == [.unknown] && alone.gaps.first?.export == nil)
        #expect(alone.gaps.count == 1)
    }

    @Test("A volume that became an archive, or is becoming one, is one item; one on no known export is reported")
    func once() {
        let intent = CatalogueEntry.archive(Sample.archive("pvc-v") { $0.state = .intent })
        let sources = Sample.sources(
            volumes: [.record(Sample.volume())],
            catalogue: [intent],
            cluster: [
                Sample.clusterVolume(phase: .released),
                Sample.clusterVolume("pvc-lost") {
                    $0.metadata.annotations?[AnnotationKey.share] = nil
                    $0.spec?.nfs?.server = "other"
                },
                Sample.clusterVolume("pvc-foreign") { $0.metadata.annotations = nil },
            ]
        )
        let items = BackupReport(of: sources, filter: ReportFilter()).items
        #expect(Set(items.map(\.id)) == ["pvc-v", "pvc-lost"] && items.count == 2)
        #expect(items.first { $0.id == "pvc-v" }?.kind == .archive)
        #expect(items.first { $0.id == "pvc-lost" }?.verdict == .unknown)
    }
}
