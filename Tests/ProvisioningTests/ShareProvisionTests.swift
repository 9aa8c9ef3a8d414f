import Foundation
import Kubernetes
import NFS
import Provisioning
import Synchronization
import Testing

@Suite("Creating a volume's directory on a real share, repeatedly")
struct ShareProvisionTests {
    @Test("V4: done twice it is the same directory, recorded and audited once")
    func repeated() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let first = try await fixture.provision(plan)
            let second = try await fixture.provision(plan)
            #expect(first == second && first.origin == .created)
            #expect(try fixture.listing == [plan.path.description])
            let record = try #require(try fixture.record(VolumeRecord.self, plan.volumeName))
            #expect(record.path == plan.path.description && record.releaseAction == .archive)
            #expect(record.directory?.fileID == first.fileID)
            #expect(record.claim?.name == "db" && record.capacity == "5Gi")
            #expect(try fixture.auditedActions == [.created])
        }
    }

    @Test("V4: a crash between MKDIR and the record leaves a directory that is found again")
    func crashBeforeRecord() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            try FileManager.default.createDirectory(
                at: fixture.url(plan.path.description),
                withIntermediateDirectories: false
            )
            #expect(try await fixture.provision(plan).origin == .created)
        }
    }

    @Test(
        "S8: on a chosen path an intent claims an empty directory; one with data is adopted",
        arguments: [(false, VolumeRecord.Origin.created), (true, .adopted)]
    )
    func crashAfterIntent(hasData: Bool, origin: VolumeRecord.Origin) async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db", parameters: ["pathPattern": "chosen"])
            _ = try await fixture.provision(plan)
            var record = try #require(try fixture.record(VolumeRecord.self, plan.volumeName))
            record.directory = nil
            try fixture.put(record)
            if hasData { try Data("x".utf8).write(to: fixture.url("chosen/file")) }
            #expect(try await fixture.provision(plan).origin == origin)
        }
    }

    @Test("S8: a directory that was there before is adopted, and its mode is left alone")
    func adopted() async throws {
        try await ShareFixture.run { fixture in
            try FileManager.default.createDirectory(
                at: fixture.url("chosen"),
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            let plan = try fixture.plan("db", parameters: ["pathPattern": "chosen", "mode": "0777"])
            #expect(try await fixture.provision(plan).origin == .adopted)
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.url("chosen").path())
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            #expect(try fixture.auditedActions == [.adopted])
        }
    }

    @Test("S4: a directory that a controller uses as an export is not adopted")
    func exportWithin() async throws {
        try await ShareFixture.run { fixture in
            let folder = fixture.url("chosen/.sb-nfs-provisioner")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let plan = try fixture.plan("db", parameters: ["pathPattern": "chosen"])
            let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
            #expect(error?.description.contains("is itself an export") == true)
            #expect(try fixture.record(VolumeRecord.self, plan.volumeName) == nil)
        }
    }

    @Test("C13: a directory made for a deleted claim is rolled back only while it is empty")
    func withdrawn() async throws {
        try await ShareFixture.run { fixture in
            let empty = try fixture.plan("empty")
            let used = try fixture.plan("used")
            for plan in [empty, used] { _ = try await fixture.provision(plan) }
            try Data("x".utf8).write(to: fixture.url("\(used.path)/file"))
            for plan in [empty, used] { try await fixture.share.withdraw(plan) }
            #expect(try fixture.listing == [used.path.description])
            #expect(try fixture.record(VolumeRecord.self, empty.volumeName) == nil)
            #expect(try fixture.record(VolumeRecord.self, used.volumeName) != nil)
        }
    }

    @Test("L6: without the lease nothing on the share is changed")
    func fenced() async throws {
        try await ShareFixture.run { fixture in
            let made = try fixture.plan("made")
            _ = try await fixture.provision(made)
            let plan = try fixture.plan("db")
            fixture.gate.isOpen.withLock { $0 = false }
            let error = await #expect(throws: NFSError.self) { try await fixture.provision(plan) }
            #expect(error?.code == .fenced)
            await #expect(throws: NFSError.self) { try await fixture.reclaim(fixture.reclaimPlan(made, nil)) }
            #expect(try fixture.listing == [made.path.description])
        }
    }

    @Test("S7: a share other than the one the volumes remember is neither used nor marked")
    func otherShare() async throws {
        try await ShareFixture.run(expectedIDs: ["another-share"]) { fixture in
            let plan = try fixture.plan("db")
            let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
            #expect(error?.description.contains("they remember the identity another-share and it has none") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path()) == [])
        }
    }

    @Test("An unreadable record stops the operation and is named")
    func brokenRecord() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            _ = try await fixture.provision(plan)
            try Data("{".utf8).write(to: fixture.url(".sb-nfs-provisioner/volumes/\(plan.volumeName).json"))
            let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
            #expect(error?.description.contains("volumes/\(plan.volumeName).json") == true)
            await #expect(throws: ShareError.self) { try await fixture.reclaim(fixture.reclaimPlan(plan, nil)) }
            #expect(try fixture.listing == [plan.path.description])
        }
    }

    @Test("C13: a claim whose path changed between attempts leaves nothing at the first path")
    func pathChanged() async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.provision(fixture.plan("db", parameters: ["pathPattern": "first"]))
            _ = try await fixture.provision(fixture.plan("db", parameters: ["pathPattern": "second"]))
            #expect(try fixture.listing == ["second"])
            #expect(try fixture.record(VolumeRecord.self, "pvc-uid-db")?.path == "second")
        }
    }

    @Test("Many in parallel: each has its directory, its record and its line in the audit log")
    func many() async throws {
        try await ShareFixture.run { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask { _ = try await fixture.provision(fixture.plan("claim-\(index)")) }
                }
                try await group.waitForAll()
            }
            #expect(try fixture.listing.count == 60)
            #expect(try fixture.auditedActions.count == 60)
        }
    }
}
