import Kubernetes
import NFS

@testable import Provisioning
@testable import Reports

/// Values for reports to be made of, around one present.
enum Sample {
    static let now = Timestamp("2026-06-15T12:00:00Z") ?? Timestamp(seconds: 0)
    static let export = ExportPath("nas:/srv") ?? unusable

    /// The text above is an export's.
    private static var unusable: ExportPath { preconditionFailure("no export") }

    static func ago(_ seconds: Int64) -> Timestamp { Timestamp(seconds: now.seconds - seconds) }

    static let day: Int64 = 86_400

    static func archive(_ id: String = "pvc-a", change: (inout ArchiveRecord) -> Void = { _ in }) -> ArchiveRecord {
        var record = ArchiveRecord(
            id: id,
            claim: ClaimReference(ObjectReference(namespace: "clinic", name: "db", uid: "u")),
            storageClass: "standard",
            capacity: "1Gi",
            from: "clinic-db-\(id)",
            to: "archived-clinic-db-\(id)",
            directory: DirectoryIdentity(attributes),
            reason: "the claim was deleted",
            state: .archived,
            requestedAt: ago(10 * day),
            archivedAt: ago(10 * day)
        )
        change(&record)
        return record
    }

    static func volume(_ name: String = "pvc-v", change: (inout VolumeRecord) -> Void = { _ in }) -> VolumeRecord {
        var record = VolumeRecord(
            volume: name,
            claim: ClaimReference(ObjectReference(namespace: "shop", name: "web", uid: "u")),
            storageClass: "standard",
            path: "shop-web-\(name)",
            origin: .created,
            releaseAction: .archive,
            capacity: "2Gi",
            directory: DirectoryIdentity(attributes),
            createdAt: ago(20 * day)
        )
        change(&record)
        return record
    }

    static func clusterVolume(
        _ name: String = "pvc-v",
        phase: PersistentVolume.Phase = .bound,
        change: (inout PersistentVolume) -> Void = { _ in }
    ) -> PersistentVolume {
        var volume = PersistentVolume(
            metadata: ObjectMeta(
                name: name,
                annotations: [
                    AnnotationKey.provisionedBy: ProvisionerSettings().provisionerName, AnnotationKey.share: "/srv",
                ]
            ),
            spec: PersistentVolume.Spec(
                capacity: ["storage": Quantity(rawValue: "2Gi")],
                nfs: PersistentVolume.NFSSource(server: "nas", path: "/srv/shop-web-\(name)"),
                claimRef: ObjectReference(namespace: "shop", name: "web", uid: "u"),
                persistentVolumeReclaimPolicy: .delete,
                storageClassName: "standard"
            ),
            status: PersistentVolume.Status(phase: phase)
        )
        change(&volume)
        return volume
    }

    static func hook(
        _ outcome: HookResult.Outcome = .succeeded,
        phase: HookPhase = .beforeArchive,
        message: String = "exit code 0"
    ) -> HookResult {
        HookResult(
            name: "restic",
            phase: phase,
            kind: .exec,
            outcome: outcome,
            attempts: 2,
            startedAt: ago(10 * day + 12),
            finishedAt: ago(10 * day),
            message: message,
            output: "tail"
        )
    }

    static func sources(
        volumes: [RecordEntry<VolumeRecord>] = [],
        catalogue: [CatalogueEntry] = [],
        cluster: [PersistentVolume]? = [],
        usage: [String: UsageHistory] = [:],
        change: (inout ReportSources) -> Void = { _ in }
    ) -> ReportSources {
        var reading = ShareReading(export: export)
        (reading.volumes, reading.catalogue, reading.usage, reading.hasRecords) = (volumes, catalogue, usage, true)
        var settings = ProvisionerSettings()
        settings.export = export
        var sources = ReportSources(
            shares: [reading],
            cluster: cluster.map { .read(ClusterSnapshot(id: "here", volumes: $0, classes: [])) } ?? .notAsked,
            settings: settings,
            now: now
        )
        change(&sources)
        return sources
    }

    static func used(_ bytes: UInt64, _ time: Timestamp = now) -> UsageSample {
        UsageSample(at: time, usedBytes: bytes, lengthBytes: bytes, files: 3, directories: 1)
    }

    private static let attributes = Attributes(
        type: .directory,
        mode: 0o777,
        uid: 0,
        gid: 0,
        nlink: 2,
        size: 0,
        used: 0,
        fsid: 1,
        fileid: 1,
        mtime: FileTime(seconds: 0, nanoseconds: 0),
        ctime: FileTime(seconds: 0, nanoseconds: 0)
    )
}
