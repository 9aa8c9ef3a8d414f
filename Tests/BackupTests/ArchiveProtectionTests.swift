import Kubernetes
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Retention: what the cluster needs is kept (K1)")
struct ArchiveProtectionTests {
    static let record = RetentionReviewTests.record("pvc-1")
    static let policy = RetentionReviewTests.policy(RetentionRule(keepFor: RetentionReviewTests.period(days: 1)))

    static func verdict(
        of record: ArchiveRecord = record,
        claims: [PersistentVolumeClaim] = [],
        volumes: [PersistentVolume] = [],
        classes: [StorageClass] = []
    ) -> RetentionVerdict? {
        var settings = ProvisionerSettings()
        settings.provisionerName = "ours"
        settings.additionalProvisionerNames = ["before"]
        let protection = ArchiveProtection(claims: claims, volumes: volumes, classes: classes, settings: settings)
        return RetentionReviewTests.review([.archive(record)], policy, protection: protection).verdicts[record.id]
    }

    static func claim(_ name: String, asksFor archive: String, mode: String? = nil) -> PersistentVolumeClaim {
        var annotations = [AnnotationKey.restoreFrom: archive]
        annotations[AnnotationKey.restoreMode] = mode
        return PersistentVolumeClaim(
            metadata: ObjectMeta(name: name, namespace: "clinic", annotations: annotations),
            status: PersistentVolumeClaim.Status(phase: .pending)
        )
    }

    static func volume(_ name: String, server: String = "nas", at path: String) -> PersistentVolume {
        PersistentVolume(
            metadata: ObjectMeta(name: name),
            spec: PersistentVolume.Spec(nfs: PersistentVolume.NFSSource(server: server, path: path))
        )
    }

    static func storageClass(_ provisioner: String, _ parameters: [String: String]) -> StorageClass {
        StorageClass(metadata: ObjectMeta(name: "standard"), provisioner: provisioner, parameters: parameters)
    }

    @Test("An archive that a claim waits for is kept, in any mode", arguments: ["move", "copy", "neither", nil])
    func claim(mode: String?) {
        let kept = RetentionVerdict.keep(until: nil, why: "claim clinic/db requests it")
        var claim = Self.claim("db", asksFor: "pvc-1", mode: mode)
        #expect(Self.verdict(claims: [claim]) == kept)
        claim.status = nil
        #expect(Self.verdict(claims: [Self.claim("later", asksFor: "pvc-1"), claim]) == kept)
        claim.status = PersistentVolumeClaim.Status(phase: .bound)
        #expect(Self.verdict(claims: [claim])?.isPurge == true)
        #expect(Self.verdict(claims: [Self.claim("db", asksFor: "pvc-2")])?.isPurge == true)
    }

    @Test(
        "An archive that a volume lies on, or within",
        arguments: [
            ("/srv/archived-clinic-db-pvc-1", true), ("/srv//archived-clinic-db-pvc-1/", true),
            ("/srv/archived-clinic-db-pvc-1/sub/folder", true), ("/srv/archived-clinic-db-pvc-10", false),
            ("/srv", false), ("/", false), ("/srv/other", false),
        ]
    )
    func volume(path: String, isKept: Bool) {
        let expected = RetentionVerdict.keep(until: nil, why: "volume static uses it")
        for server in ["nas", "10.0.0.7"] {
            let verdict = Self.verdict(volumes: [Self.volume("static", server: server, at: path)])
            #expect(isKept ? verdict == expected : verdict?.isPurge == true)
        }
    }

    @Test(
        "An archive whose class requires a backup now, if the class is ours",
        arguments: [
            ("ours", ["backup": "required"], true), ("before", ["backup": "required"], true),
            ("ours", ["backup": "reqired"], true), ("ours", ["backup": "optional"], false), ("ours", [:], false),
            ("others", ["backup": "required"], false),
        ]
    )
    func requirement(provisioner: String, parameters: [String: String], isKept: Bool) {
        let classes = [Self.storageClass(provisioner, parameters)]
        let expected = RetentionVerdict.undecidable(why: "its class standard requires a backup and it has none")
        for backup in [nil, BackupRequirement.optional, BackupRequirement.none] {
            var record = Self.record
            record.backup = backup
            let verdict = Self.verdict(of: record, classes: classes)
            #expect(isKept ? verdict == expected : verdict?.isPurge == true)
        }
        var required = Self.record
        required.backup = .required
        let why = "it needs a backup and has none"
        #expect(Self.verdict(of: required, classes: classes) == .undecidable(why: why))
        required.hooks = [
            HookResult(
                name: "restic",
                phase: .afterArchive,
                kind: .exec,
                outcome: .succeeded,
                attempts: 1,
                startedAt: RetentionReviewTests.now,
                finishedAt: RetentionReviewTests.now,
                message: "done"
            )
        ]
        #expect(Self.verdict(of: required, classes: classes)?.isPurge == true)
    }

    @Test("An archive whose purge has started is no longer complete, and nothing protects it")
    func purging() {
        var record = Self.record
        record.state = .purging
        let verdict = Self.verdict(
            of: record,
            claims: [Self.claim("db", asksFor: "pvc-1")],
            volumes: [Self.volume("static", at: "/srv/archived-clinic-db-pvc-1")]
        )
        #expect(verdict?.isPurge == true)
    }
}
