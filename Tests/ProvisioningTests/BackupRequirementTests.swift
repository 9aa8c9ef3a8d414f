import Kubernetes
import Testing

@testable import Provisioning

@Suite("Which requirement of a backup counts at release")
struct BackupRequirementTests {
    /// What each source says; `plan` is what a volume made under these would have recorded.
    struct Row: Sendable, CustomTestStringConvertible {
        var annotation: String?
        var last: String?
        var record: BackupRequirement?
        var ofClass: BackupRequirement?
        let counts: BackupRequirement

        var testDescription: String {
            "\(annotation ?? "-") \(last ?? "-") \(record?.rawValue ?? "-") \(ofClass?.rawValue ?? "-")"
        }
    }

    @Test(
        "B1: the strictest source counts, and a source without a value does not",
        arguments: [
            Row(counts: .optional), Row(record: .required, counts: .required),
            // The class was created again and now requires a backup.
            Row(record: .optional, ofClass: .required, counts: .required), Row(ofClass: .required, counts: .required),
            Row(annotation: "none", ofClass: .required, counts: .required),
            Row(annotation: "none", record: .required, counts: .required),
            Row(annotation: "required", record: BackupRequirement.none, counts: .required),
            Row(annotation: "yes", record: BackupRequirement.none, counts: .required),
            Row(annotation: "none", counts: .none), Row(ofClass: BackupRequirement.none, counts: .none),
            Row(record: BackupRequirement.none, ofClass: .optional, counts: .optional),
            Row(last: "required", counts: .required), Row(annotation: "none", last: "required", counts: .required),
            Row(annotation: "required", last: "none", counts: .required), Row(last: "none", counts: .none),
        ]
    )
    func strictest(row: Row) {
        let annotations = row.annotation.map { [AnnotationKey.backup: $0] }
        let volume = PersistentVolume(metadata: ObjectMeta(annotations: annotations))
        let notes = row.last.map { ClaimNotes(annotations: [AnnotationKey.backup: $0]) }
        let found = BackupRequirement(of: volume, lastNotes: notes, recorded: row.record, ofClass: row.ofClass)
        #expect(found == row.counts)
    }

    @Test(
        "A plan says what claim and class say, and nothing where both are silent",
        arguments: [
            (nil, nil, nil), ("required", nil, .required), (nil, "required", .required),
            ("none", "required", .required), ("none", nil, BackupRequirement.none), (nil, "optional", .optional),
        ] as [(String?, String?, BackupRequirement?)]
    )
    func planned(claim: String?, ofClass: String?, requirement: BackupRequirement?) throws {
        let claim = ClaimVerdictTests.claim { $0.metadata.annotations?[AnnotationKey.backup] = claim }
        let storageClass = ClaimVerdictTests.storageClass { $0.parameters = ofClass.map { ["backup": $0] } }
        let plan = try #require(ClaimVerdictTests.verdict(claim, storageClass).plan)
        #expect(plan.backup == requirement)
    }

    @Test("B2: a volume made without a required backup is archived once its class requires one")
    func classRequiresLater() throws {
        let plan = ReclaimPlan(
            volume: VolumeVerdictTests.volume(),
            share: try #require(VolumeVerdictTests.verdict(VolumeVerdictTests.volume()).plan).share,
            path: try VolumePath(components: ["a"]),
            action: .delete,
            backup: .required
        )
        let decision = ReleaseDecision(plan, nil, otherVolumes: [], deletesAdopted: false)
        #expect(decision.action == .archive && decision.exception?.contains("a backup is required") == true)
    }
}
