import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("Archives on a real share: listed, held, purged")
struct ShareCatalogueTests {
    /// Makes an archive with a file in it.
    static func archive(_ name: String, on fixture: ShareFixture) async throws -> String {
        let plan = try fixture.plan(name)
        let directory = try await fixture.provision(plan)
        try Data("x".utf8).write(to: fixture.url("\(plan.path)/file"))
        _ = try await fixture.reclaim(fixture.reclaimPlan(plan, directory))
        try await fixture.share.forget(volume: plan.volumeName)
        return plan.volumeName
    }

    @Test("T5: every archive is listed, those without a record too; a broken record hides no other; a volume is none")
    func listed() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            let broken = try await Self.archive("broken", on: fixture)
            try Data("{".utf8).write(to: fixture.url(".sb-nfs-provisioner/archives/\(broken).json"))
            for name in ["archieved-old", "archived-older", "unrelated"] {
                try FileManager.default.createDirectory(at: fixture.url(name), withIntermediateDirectories: false)
            }
            var plan = ClaimVerdictTests.claim { $0.metadata.namespace = "archived" }
            plan.metadata.uid = "alive"
            let verdict = ClaimVerdict(
                on: plan,
                storageClass: ClaimVerdictTests.storageClass(),
                volume: nil,
                settings: fixture.settings
            )
            _ = try await fixture.provision(try #require(verdict.plan))

            let catalogue = try await fixture.share.catalogue()
            let listing = Set(
                catalogue.map { entry in
                    switch entry {
                    case .archive(let record, _): "archive \(record.id)"
                    case .unreadable(let name, _): "unreadable \(name)"
                    case .foreign(let name): "foreign \(name)"
                    }
                }
            )
            let expected: Set = [
                "archive \(id)", "unreadable \(broken)", "foreign archieved-old", "foreign archived-older",
                "foreign archived-clinic-broken-pvc-uid-broken",
            ]
            #expect(listing == expected && catalogue.count == expected.count)
        }
    }

    @Test("A4: a purge removes the directory, and its record stays and says why")
    func purged() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            try await fixture.share.purge(id, reason: "erasure request 7")
            #expect(try fixture.listing == [])
            let record = try #require(try fixture.record(ArchiveRecord.self, id))
            #expect(
                record.state == .purged && record.purge?.reason == "erasure request 7" && record.purge?.doneAt != nil
            )
            #expect(try fixture.auditedActions == [.created, .archived, .purged])
            let error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "again") }
            #expect(error?.description.contains("it was purged") == true)
        }
    }

    /// Has an archive's record say that its removal has begun.
    private static func notePurge(of id: String, on fixture: ShareFixture) throws -> ArchiveRecord {
        var record = try #require(try fixture.record(ArchiveRecord.self, id))
        record.state = .purging
        record.purge = ArchiveRecord.Purge(reason: "r", requestedAt: .now)
        try fixture.put(record.stored)
        return record
    }

    @Test("A4: a purge interrupted before or after the move continues", arguments: [false, true])
    func interruptedPurge(moved: Bool) async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            let record = try Self.notePurge(of: id, on: fixture)
            if moved { try await fixture.rename(record.to, to: ".sb-nfs-provisioner/trash/\(id)") }
            try await fixture.share.purge(id, reason: "r")
            #expect(try fixture.listing == [])
            let trash = fixture.url(".sb-nfs-provisioner/trash").path()
            #expect(try FileManager.default.contentsOfDirectory(atPath: trash) == [])
        }
    }

    @Test("A2: no purge overrides a hold until it is released; both are in the audit log")
    func held() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            try await fixture.share.hold(id, reason: "court order")
            let error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(error?.description.contains("is held (court order)") == true)
            #expect(try fixture.listing.count == 1)
            try await fixture.share.releaseHold(id, reason: "closed")
            try await fixture.share.purge(id, reason: "r")
            #expect(try fixture.auditedActions == [.created, .archived, .held, .holdReleased, .purged])
        }
    }

    @Test("A4: an intact tree that a killed purge left in the trash is put back, held or not")
    func leftInTrash() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            let name = try #require(try fixture.record(ArchiveRecord.self, id)).to
            try await fixture.share.hold(id, reason: "court order")
            try await fixture.rename(name, to: ".sb-nfs-provisioner/trash/\(id)")
            #expect(try await fixture.share.putBackFromTrash() == [id])
            #expect(try fixture.listing == [name])
            try await fixture.share.releaseHold(id, reason: "closed")
            try await fixture.rename(name, to: ".sb-nfs-provisioner/trash/\(id)")
            #expect(try await fixture.share.putBackFromTrash() == [], "a purge may be at it")
            #expect(try await fixture.share.putBackFromTrash(after: 0) == [id])
            #expect(try fixture.listing == [name])
            try await fixture.rename(name, to: ".sb-nfs-provisioner/trash/\(id)~removing")
            #expect(try await fixture.share.putBackFromTrash(after: 0) == [])
            try await fixture.share.purge(id, reason: "r")
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .purged)
            #expect(try fixture.listing == [] && fixture.names(in: "trash") == [])
        }
    }

    @Test("A4: a hold that came after the removal was recorded keeps nothing, and nobody from finishing")
    func heldTooLate() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            try await fixture.share.hold(id, reason: "late")
            let record = try Self.notePurge(of: id, on: fixture)
            try await fixture.rename(record.to, to: ".sb-nfs-provisioner/trash/\(id)")
            #expect(try await fixture.share.putBackFromTrash() == [])
            #expect(try fixture.record(ArchiveRecord.self, id)?.hold == nil)
            try await fixture.share.purge(id, reason: "r")
            #expect(try fixture.listing == [])
        }
    }

    @Test("A2: a held archive in its place is kept, though its record says that its removal has begun")
    func heldAndPutBack() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            try await fixture.share.hold(id, reason: "court order")
            let record = try Self.notePurge(of: id, on: fixture)
            await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(try fixture.listing == [record.to])
            let now = try #require(try fixture.record(ArchiveRecord.self, id))
            #expect(now.state == .archived && now.hold?.reason == "court order")
        }
    }

    @Test("A6: a directory that is not the one that was archived is not purged, nor one that is not there")
    func replaced() async throws {
        try await ShareFixture.run { fixture in
            let id = try await Self.archive("db", on: fixture)
            let name = try #require(try fixture.record(ArchiveRecord.self, id)).to
            try await fixture.rename(name, to: "aside")
            var error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(error?.description.contains("was moved or removed by hand") == true)
            let other = try fixture.plan("other")
            _ = try await fixture.provision(other)
            try await fixture.rename(other.path.description, to: name)
            error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(error?.description.contains("is not the directory that was archived") == true)
            #expect(try fixture.listing == [name, "aside"].sorted())
        }
    }

    @Test(
        "An operation on a missing archive is refused, whatever its name",
        arguments: ["pvc-0", "../x", ""]
    )
    func absent(id: String) async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.share.catalogue()
            await #expect(throws: ShareError.self) { try await fixture.share.hold(id, reason: "r") }
            await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
        }
    }

    @Test("A volume that was archived is not recovered, also when its record was left behind")
    func archivedIsNotRecovered() async throws {
        try await ShareFixture.run { fixture in
            let archived = try fixture.plan("archived")
            _ = try await fixture.reclaim(fixture.reclaimPlan(archived, try await fixture.provision(archived)))
            let alive = try fixture.plan("alive")
            _ = try await fixture.provision(alive)
            #expect(try fixture.record(VolumeRecord.self, archived.volumeName) != nil)
            let found = try await fixture.share.recoverableVolumes()
            #expect(found.volumes.map(\.volume.key.name) == [alive.volumeName] && found.problems == [])
        }
    }
}
