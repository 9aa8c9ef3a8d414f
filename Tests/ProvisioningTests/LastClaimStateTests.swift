import Kubernetes
import Testing

@testable import Provisioning

@Suite("R13: what is known of a deleted claim's last state")
struct LastClaimStateTests {
    private static let share = [AnnotationKey.share: "/srv/k8s"]
    private static let notes = ClaimNotes(
        labels: ["app": "db"],
        annotations: [RetentionRequest.keepFor.rawValue: "forever"]
    )

    private static func plan(_ state: LastClaimState, isOurs: Bool = true) throws -> ReclaimPlan {
        let volume = VolumeVerdictTests.volume { volume in
            if isOurs { volume.metadata.annotations?.merge(share) { $1 } }
            volume.metadata.annotations?[RetentionRequest.keepFor.rawValue] = "1h"
        }
        let verdict = VolumeVerdict(
            on: volume,
            classes: [ClaimVerdictTests.storageClass { $0.parameters = ["onDelete": "delete"] }],
            settings: VolumeVerdictTests.settings,
            lastClaimState: state
        )
        return try #require(verdict.plan)
    }

    private static func record(_ change: (inout VolumeRecord) -> Void = { _ in }) -> VolumeRecord {
        var record = VolumeRecord(
            volume: "pvc-u1",
            path: "clinic-db-pvc-u1",
            origin: .created,
            releaseAction: .delete,
            createdAt: Timestamp(seconds: 1)
        )
        change(&record)
        return record
    }

    @Test("An unseen last state of the claim matters only for our own volumes")
    func expected() throws {
        #expect(try Self.plan(.unseen).isClaimUnseen)
        #expect(try Self.plan(.unseen, isOurs: false).lastClaimState == .carried)
        #expect(try Self.plan(.seen(Self.notes)).lastClaimState == .seen(Self.notes))
        #expect(try Self.plan(.seen(Self.notes), isOurs: false).lastClaimState == .seen(Self.notes))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let state: LastClaimState
        var released: ReleaseAction?
        let action: ReleaseAction
        var exception: String?
    }

    @Test(
        "Unknown states keep the data",
        arguments: [
            Row(testDescription: "seen", state: .seen(notes), action: .delete),
            Row(testDescription: "carried", state: .carried, action: .delete),
            Row(
                testDescription: "unseen",
                state: .unseen,
                action: .archive,
                exception: "the claim was deleted while no controller watched, so its last annotations are unknown"
            ),
            Row(testDescription: "begun before a restart", state: .unseen, released: .delete, action: .delete),
            Row(
                testDescription: "a backup is required at the end",
                state: .seen(ClaimNotes(annotations: [AnnotationKey.backup: "required"])),
                action: .archive,
                exception: "a backup is required, so it is archived instead of deleted"
            ),
        ]
    )
    func decided(row: Row) throws {
        let record = Self.record { record in
            record.release = row.released.map { VolumeRecord.Release(action: $0, at: Timestamp(seconds: 2)) }
        }
        let decision = ReleaseDecision(try Self.plan(row.state), record, otherVolumes: [], deletesAdopted: false)
        #expect(decision.action == row.action && decision.exception == row.exception)
    }

    @Test("The claim's last state comes first, then what an earlier run saw, then the volume's annotations")
    func noted() throws {
        let record = Self.record { $0.notes = ClaimNotes(labels: ["app": "old"]) }
        #expect(try Self.plan(.seen(Self.notes)).notes(record) == Self.notes)
        let carried = ClaimNotes(labels: ["app": "old"], annotations: [RetentionRequest.keepFor.rawValue: "1h"])
        #expect(try Self.plan(.unseen).notes(record) == carried)
        let released = Self.record {
            $0.notes = Self.notes
            $0.release = VolumeRecord.Release(action: .delete, at: Timestamp(seconds: 2))
        }
        #expect(try Self.plan(.unseen).notes(released) == Self.notes)
    }

    @Test("On the share: archived instead of deleted, and record and audit log say why")
    func onShare() async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("db")
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: .delete)
            let unseen = ReclaimPlan(
                volume: plan.volume,
                share: plan.share,
                path: plan.path,
                action: .delete,
                lastClaimState: .unseen
            )
            let name = "archived-\(plan.path)"
            #expect(try await fixture.reclaim(unseen) == .archived(name: name, claimUnseen: true))
            let record = try #require(try fixture.record(ArchiveRecord.self, plan.volumeName))
            #expect(record.claimUnseen == true && record.reason == ReclaimPlan.unseenDeletion)
            #expect(try fixture.text("\(name)/file") == "db")
            #expect(try fixture.auditedActions == [.created, .archived])
        }
    }
}
