import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

/// Names, paths and inodes are used again: what a record says is another's then.
@Suite("A record's name now belongs to another directory, claim or volume")
struct ReusedNamesTests {
    /// `pathPattern` gives every claim of the name one path, so both archives would be `archived-db`.
    private func archive(_ claim: String, _ path: String, on fixture: ShareFixture) async throws -> String {
        let plan = try fixture.plan(claim, parameters: ["pathPattern": path])
        let directory = try await fixture.provision(plan)
        try Data(claim.utf8).write(to: fixture.url("\(path)/file"))
        _ = try await fixture.reclaim(fixture.reclaimPlan(plan, directory))
        try await fixture.share.forget(volume: plan.volumeName)
        return plan.volumeName
    }

    /// What an admin's `rm -rf` and the next directory's inode make of a record.
    private func giveDirectory(of other: String, to archive: String, on fixture: ShareFixture) throws {
        let otherRecord = try #require(try fixture.record(ArchiveRecord.self, other))
        var record = try #require(try fixture.record(ArchiveRecord.self, archive))
        record.directory.fileID = otherRecord.directory.fileID
        record.directory.handle = nil
        try fixture.put(record)
    }

    @Test("R5: a new archive's name is not one that a record holds, though nothing has it on the share")
    func recordedName() async throws {
        try await ShareFixture.run { fixture in
            let first = try await archive("first", "db", on: fixture)
            try FileManager.default.removeItem(at: fixture.url("archived-db"))
            let second = try await archive("second", "db", on: fixture)
            let records = try [first, second].map { try #require(try fixture.record(ArchiveRecord.self, $0)) }
            #expect(records[0].to == "archived-db")
            // Where the file system gave the second directory the first one's inode, that told that the first is gone.
            #expect(records[1].to != "archived-db" || records[0].state == .lost)
        }
    }

    @Test(
        "A5: of two records that name one directory none is purged or restored, whichever is held",
        arguments: [true, false]
    )
    func twoRecords(isHeld: Bool) async throws {
        try await ShareFixture.run { fixture in
            let first = try await archive("first", "one", on: fixture)
            let second = try await archive("second", "two", on: fixture)
            try giveDirectory(of: second, to: first, on: fixture)
            var record = try #require(try fixture.record(ArchiveRecord.self, first))
            record.to = "archived-two"
            try fixture.put(record)
            if isHeld { try await fixture.share.hold(second, reason: "court") }
            for id in [first, second] where !isHeld || id == first {
                let error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "old") }
                #expect(error?.description.contains("both name the directory") == true)
                for mode in RestoreRequest.Mode.allCases {
                    let plan = try fixture.plan("again", restoring: id, mode: mode)
                    await #expect(throws: ShareError.self) { _ = try await fixture.provision(plan) }
                }
            }
            #expect(try fixture.text("archived-two/file") == "second")
        }
    }

    @Test("A9: a new directory with the id in a record proves that record's directory gone: reported once")
    func lost() async throws {
        try await ShareFixture.run { fixture in
            let id = try await archive("first", "db", on: fixture)
            try FileManager.default.removeItem(at: fixture.url("archived-db"))
            _ = try await fixture.share.catalogue()
            // As the next directory on ext4, which gives the inode again at once.
            let plan = try fixture.plan("next")
            let next = try await fixture.provision(plan)
            var record = try #require(try fixture.record(ArchiveRecord.self, id))
            record.directory.fileID = next.fileID
            record.directory.handle = nil
            try fixture.put(record)
            _ = try await fixture.share.catalogue()
            for _ in 1...2 {
                try await fixture.share.open { share in
                    let node = try #require(try await share.locate(plan.path)?.node)
                    try await RecordedPlaces(share: share).noteLost(whereverIs: node)
                }
            }
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .lost)
            #expect(try fixture.auditedActions.count { $0 == .missing } == 1)
            let error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "old") }
            #expect(error?.description.contains("removed by hand") == true)
        }
    }

    @Test("A12: a volume of a name that was archived before, bound to another claim, gets an archive of its own")
    func reappliedVolume() async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("db")
            var plan = fixture.reclaimPlan(volume.plan, volume.directory)
            _ = try await fixture.reclaim(plan)
            let path = volume.plan.path.description
            try FileManager.default.copyItem(at: fixture.url("archived-\(path)"), to: fixture.url(path))
            try Data("weeks later".utf8).write(to: fixture.url("\(path)/file"))
            var again = plan.volume
            again.spec?.claimRef?.uid = "uid-of-the-next-claim"
            plan = ReclaimPlan(volume: again, share: plan.share, path: plan.path, action: .archive)
            guard case .archived(let name, _, _) = try await fixture.reclaim(plan) else {
                Issue.record("not archived")
                return
            }
            #expect(try fixture.text("\(name)/file") == "weeks later")
            #expect(try fixture.text("archived-\(path)/file") == "db")
            let id = volume.plan.volumeName
            let records = try [id, id + "-2"].map { try #require(try fixture.record(ArchiveRecord.self, $0)) }
            #expect(records.map(\.state) == [.archived, .archived])
            #expect(records[1].to == name && records[1].volumeName == id)
            // Run again, as after a crash before the volume was deleted.
            let repeated = try await fixture.reclaim(plan)
            #expect(repeated == .archived(name: name))
        }
    }

    @Test("R14: a directory left by retain counts for its claim of that time, not for the next one")
    func retainedBefore() async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("db")
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: .retain)
            _ = try await fixture.reclaim(plan)
            var again = plan.volume
            again.spec?.claimRef?.uid = "another"
            let outcome = try await fixture.reclaim(
                ReclaimPlan(volume: again, share: plan.share, path: plan.path, action: .archive)
            )
            #expect(outcome == .archived(name: "archived-\(volume.plan.path)"))
        }
    }

    @Test(
        "S9: a path that an unreleased volume has by the share's records is not given to another",
        arguments: ["db", "db/sub", "."]
    )
    func anothersPath(path: String) async throws {
        try await ShareFixture.run(cluster: "another-cluster") { other in
            let pattern = path == "." ? "folder/db" : "db"
            let plan = try other.plan("theirs", parameters: ["pathPattern": pattern])
            _ = try await other.provision(plan)
            var record = try #require(try other.record(VolumeRecord.self, plan.volumeName))
            record.cluster = "yet another cluster"
            try other.put(record)
            let ours = try other.plan("ours", parameters: ["pathPattern": path == "." ? "folder" : path])
            let error = await #expect(throws: ShareError.self) { _ = try await other.provision(ours) }
            #expect(error?.description.contains("of another cluster") == true)
            #expect(error?.description.contains(plan.volumeName) == true)
            record.release = VolumeRecord.Release(action: .retain, reason: nil, at: .now)
            try other.put(record)
            if path != "db/sub" { _ = try await other.provision(ours) }
        }
    }
}
