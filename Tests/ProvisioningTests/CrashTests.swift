import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

/// The share stops taking changes after the first, the second, the third, …: what a controller that is killed there
/// leaves behind, the next one goes on with.
@Suite("A crash before any change of the share")
struct CrashTests {
    /// Runs `work` on a new share each time, and lets one more change through each time, until it succeeds. After each
    /// crash it runs `work` again, as a restarted controller would.
    ///
    /// - Returns: How many changes there were to crash at.
    @discardableResult
    private func crashing<Prepared>(
        hooks: () -> any VolumeHooks = { NoHooks() },
        prepare: (ShareFixture) async throws -> Prepared,
        work: (ShareFixture, Prepared) async throws -> Void,
        check: (ShareFixture, Prepared) async throws -> Void
    ) async throws -> Int {
        for changes in 0..<100 {
            var isDone = false
            try await ShareFixture.run(hooks: hooks()) { fixture in
                let prepared = try await prepare(fixture)
                fixture.gate.close(afterChanges: changes)
                do {
                    try await work(fixture, prepared)
                    isDone = true
                } catch let error as NFSError {
                    #expect(error.isInterruption || error.code == .disconnected, "\(error)")
                }
                fixture.gate.open()
                try await fixture.restart()
                try await work(fixture, prepared)
                try await check(fixture, prepared)
            }
            if isDone { return changes }
        }
        Issue.record("a hundred changes, and it is not done")
        return 100
    }

    @Test(
        "V4, S8: provisioning ends with one directory, its record, and a line in the audit log",
        arguments: [[:], ["pathPattern": "a/b"]]
    )
    func provisioning(parameters: [String: String]) async throws {
        let changes = try await crashing {
            try $0.plan("db", parameters: parameters)
        } work: { fixture, plan in
            _ = try await fixture.provision(plan)
        } check: { (fixture, plan) throws in
            #expect(try fixture.listing == [plan.path.names[0]])
            #expect(FileManager.default.fileExists(atPath: fixture.url(plan.path.description).path()))
            #expect(try fixture.record(VolumeRecord.self, plan.volumeName)?.directory != nil)
            #expect(try Set(fixture.auditedActions) == [.created])
        }
        #expect(changes > 4)
    }

    @Test("R5: archiving ends with one archive that has the data, and its record", arguments: [false, true])
    func archiving(hasHooks: Bool) async throws {
        let changes = try await crashing(
            hooks: { ScriptedHooks(hasHooks ? [.beforeArchive: .succeeded, .afterArchive: .succeeded] : [:]) },
            prepare: { try await $0.volumeWithData("db") },
            work: { fixture, volume in
                _ = try await fixture.reclaim(fixture.reclaimPlan(volume.plan, volume.directory))
            },
            check: { (fixture, volume) throws in
                #expect(try fixture.listing == ["archived-\(volume.plan.path)"])
                #expect(try fixture.text("archived-\(volume.plan.path)/file") == "db")
                let record = try fixture.record(ArchiveRecord.self, volume.plan.volumeName)
                #expect(record?.state == .archived)
                #expect(record?.hooks?.count == (hasHooks ? 2 : nil))
                #expect(try Set(fixture.auditedActions) == [.created, .archived])
            }
        )
        #expect(changes > (hasHooks ? 13 : 4))
    }

    @Test("R6: deleting leaves nothing, not even in the trash")
    func deleting() async throws {
        let changes = try await crashing {
            try await $0.volumeWithData("db")
        } work: { fixture, volume in
            _ = try await fixture.reclaim(fixture.reclaimPlan(volume.plan, volume.directory, action: .delete))
        } check: { (fixture, _) throws in
            #expect(try fixture.listing == [])
            #expect(try fixture.names(in: "trash") == [])
            #expect(try Set(fixture.auditedActions) == [.created, .deleted])
        }
        #expect(changes > 4)
    }

    @Test("A4: a purge ends with nothing left but the record")
    func purging() async throws {
        let changes = try await crashing {
            try await $0.archiveWithData("db")
        } work: { fixture, archive in
            guard try fixture.record(ArchiveRecord.self, archive)?.state != .purged else { return }
            try await fixture.share.purge(archive, reason: "erasure")
        } check: { (fixture, archive) throws in
            #expect(try fixture.listing == [])
            #expect(try fixture.names(in: "trash") == [])
            #expect(try fixture.record(ArchiveRecord.self, archive)?.state == .purged)
        }
        #expect(changes > 4)
    }

    @Test("A8: a restore ends with the data once, in the volume's directory", arguments: RestoreRequest.Mode.allCases)
    func restoring(mode: RestoreRequest.Mode) async throws {
        let changes = try await crashing {
            let archive = try await $0.archiveWithData("db")
            return (archive, try $0.plan("again", restoring: archive, mode: mode))
        } work: { fixture, prepared in
            _ = try await fixture.provision(prepared.1)
        } check: { (fixture, prepared) throws in
            let (archive, plan) = prepared
            let record = try fixture.record(ArchiveRecord.self, archive)
            let rest = mode == .copy ? [record?.to ?? ""] : []
            #expect(try fixture.listing == (rest + [plan.path.description]).sorted())
            #expect(try fixture.text("\(plan.path)/file") == "db")
            #expect(record?.state == (mode == .copy ? .archived : .restored))
            #expect(try fixture.record(VolumeRecord.self, plan.volumeName)?.origin == .restored)
            #expect(try fixture.names(in: "staging") == [])
        }
        #expect(changes > 4)
    }

    @Test(
        "C13: a restore for a deleted claim leaves the archive unchanged, wherever both were interrupted",
        arguments: RestoreRequest.Mode.allCases
    )
    func withdrawing(mode: RestoreRequest.Mode) async throws {
        let changes = try await crashing {
            let archive = try await $0.archiveWithData("db")
            let plan = try $0.plan("again", restoring: archive, mode: mode)
            _ = try await $0.provision(plan)
            return (archive, plan)
        } work: { fixture, prepared in
            try await fixture.share.withdraw(prepared.1)
        } check: { (fixture, prepared) throws in
            let record = try fixture.record(ArchiveRecord.self, prepared.0)
            #expect(record?.state == .archived && record?.restore == nil)
            #expect(try fixture.listing == [record?.to ?? ""])
            #expect(try fixture.text("\(record?.to ?? "")/file") == "db")
            #expect(try fixture.record(VolumeRecord.self, prepared.1.volumeName) == nil)
            #expect(try fixture.names(in: "staging") == [])
        }
        #expect(changes > 2)
    }

    @Test("C13: an unfinished restore whose claim was deleted is rolled back", arguments: RestoreRequest.Mode.allCases)
    func withdrawingHalf(mode: RestoreRequest.Mode) async throws {
        try await crashing {
            let archive = try await $0.archiveWithData("db")
            return (archive, try $0.plan("again", restoring: archive, mode: mode))
        } work: { fixture, prepared in
            if try fixture.record(VolumeRecord.self, prepared.1.volumeName) == nil {
                _ = try await fixture.provision(prepared.1)
            }
            try await fixture.share.withdraw(prepared.1)
        } check: { (fixture, prepared) throws in
            let record = try fixture.record(ArchiveRecord.self, prepared.0)
            #expect(record?.state == .archived && record?.restore == nil)
            #expect(try fixture.text("\(record?.to ?? "")/file") == "db")
            #expect(try fixture.listing == [record?.to ?? ""])
            #expect(try fixture.names(in: "staging") == [])
        }
    }
}
