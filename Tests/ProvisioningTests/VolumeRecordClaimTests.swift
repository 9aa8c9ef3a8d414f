import Kubernetes
import Testing

@testable import Provisioning

@Suite("R14: a volume's record follows the claim that is bound")
struct VolumeRecordClaimTests {
    private static func reference(_ name: String) throws -> ClaimReference {
        try #require(ClaimReference(ObjectReference(namespace: "clinic", name: name, uid: "uid-\(name)")))
    }

    private static func result(_ phase: HookPhase) -> HookResult {
        HookResult(
            name: "copy",
            phase: phase,
            kind: .copy,
            outcome: .succeeded,
            attempts: 1,
            startedAt: Timestamp(seconds: 1),
            finishedAt: Timestamp(seconds: 2),
            message: "copied"
        )
    }

    private static func record() throws -> VolumeRecord {
        VolumeRecord(
            volume: "pvc-uid-first",
            claim: try reference("first"),
            path: "clinic-first-pvc-uid-first",
            origin: .created,
            releaseAction: .delete,
            notes: ClaimNotes(labels: ["app": "first"]),
            backup: BackupRequirement.none,
            hooks: [result(.afterProvision), result(.beforePurge), result(.beforeArchive)],
            createdAt: Timestamp(seconds: 1),
            release: VolumeRecord.Release(action: .delete, at: Timestamp(seconds: 3))
        )
    }

    @Test("Another claim: its notes, and nothing of the former one's release, exemption or results")
    func another() throws {
        var record = try Self.record()
        let notes = ClaimNotes(labels: ["app": "second"])
        let second = try Self.reference("second")
        let isChanged = record.follow(second, notes: notes)
        #expect(isChanged)
        #expect(record.claim == second && record.notes == notes && record.backup == nil)
        #expect(record.release == nil && record.hooks == [Self.result(.afterProvision)])
        let isChangedAgain = record.follow(second, notes: nil)
        #expect(!isChangedAgain && record.notes == notes)
    }

    @Test("The same claim changes nothing; a stricter requirement stays with the data")
    func same() throws {
        let before = try Self.record()
        var record = before
        let isChanged = record.follow(try Self.reference("first"), notes: nil)
        #expect(!isChanged && record == before)
        record.backup = .required
        let follows = record.follow(try Self.reference("second"), notes: nil)
        #expect(follows && record.backup == .required && record.notes == nil)
    }

    @Test("A release that has begun keeps what the claim said last")
    func released() throws {
        var record = try Self.record()
        let volume = PersistentVolume(
            metadata: ObjectMeta(name: record.volume),
            spec: PersistentVolume.Spec(
                claimRef: ObjectReference(namespace: "clinic", name: "first", uid: "uid-first")
            ),
            status: PersistentVolume.Status(phase: .bound)
        )
        let claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: "first", uid: "uid-first", labels: ["app": "late"])
        )
        let bound = try #require(BoundVolume(volume, claim))
        let before = record
        let isChanged = record.follow(bound, in: "here")
        #expect(!isChanged && record == before)
        record.dropRelease()
        let follows = record.follow(bound, in: "here")
        #expect(follows && record.notes?.labels == ["app": "late"] && record.cluster == "here")
    }

    @Test("R15: a release that did not happen leaves no trace")
    func dropped() throws {
        var record = try Self.record()
        let isChanged = record.dropRelease()
        #expect(isChanged && record.release == nil && record.hooks == [Self.result(.afterProvision)])
        #expect(record.claim == (try Self.reference("first")))
        let isChangedAgain = record.dropRelease()
        #expect(!isChangedAgain)
    }
}
