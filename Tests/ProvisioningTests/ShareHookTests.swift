import Foundation
import Kubernetes
import NFS
import Synchronization
import Testing

@testable import Provisioning

@Suite("Hooks during archiving, on a real share")
struct ShareHookTests {
    private func archive(_ volume: ShareFixture.Volume, on fixture: ShareFixture) async throws -> ReclaimOutcome {
        try await fixture.reclaim(fixture.reclaimPlan(volume.plan, volume.directory))
    }

    @Test(
        "B3: a hook that fails before leaves the data in place; a retry continues, and counts the attempts"
    )
    func failsBefore() async throws {
        let hooks = ScriptedHooks([.beforeArchive: .failed, .afterArchive: .succeeded])
        try await ShareFixture.run(hooks: hooks) { fixture in
            let volume = try await fixture.volumeWithData("db")
            let error = await #expect(throws: HookFailure.self) { try await archive(volume, on: fixture) }
            #expect(error?.description.contains("the data is left in place; will retry") == true)
            #expect(try fixture.listing == [volume.plan.path.description])
            hooks.set(.beforeArchive, .succeeded)
            #expect(try await archive(volume, on: fixture) == .archived(name: "archived-\(volume.plan.path)"))
            let record = try #require(try fixture.record(ArchiveRecord.self, volume.plan.volumeName))
            #expect(record.hooks?.map(\.attempts) == [2, 1] && record.state == .archived)
            #expect(hooks.ran == [.beforeArchive, .beforeArchive, .afterArchive])
        }
    }

    @Test("While a hook computes, calls to the share go on")
    func computing() async throws {
        let call = ComputingHookCall()
        let hooks = ScriptedHooks([.beforeArchive: .succeeded]) { _ in
            Task.detached { await call.make() }
            // Without giving its thread to others, as what compresses a tree does.
            let end = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < end, !call.isAnswered {}
            #expect(call.isAnswered, "the hook runs on the thread that makes calls")
        }
        try await ShareFixture.run(hooks: hooks) { fixture in
            call.export.withLock { $0 = fixture.share.export }
            _ = try await archive(fixture.volumeWithData("db"), on: fixture)
            #expect(hooks.ran == [.beforeArchive])
        }
    }

    @Test("B3, B4: a hook that fails after keeps the volume; what succeeded before is not run again")
    func failsAfter() async throws {
        let hooks = ScriptedHooks([.beforeArchive: .succeeded, .afterArchive: .failed])
        try await ShareFixture.run(hooks: hooks) { fixture in
            let volume = try await fixture.volumeWithData("db")
            await #expect(throws: HookFailure.self) { try await archive(volume, on: fixture) }
            let record = try #require(try fixture.record(ArchiveRecord.self, volume.plan.volumeName))
            #expect(record.state == .renamed)
            #expect(try fixture.listing == [record.to])
            try await fixture.share.hold(record.id, reason: "court")
            hooks.set(.afterArchive, .succeeded)
            _ = try await archive(volume, on: fixture)
            #expect(try fixture.record(ArchiveRecord.self, record.id)?.hold?.reason == "court")
            #expect(hooks.ran == [.beforeArchive, .afterArchive, .afterArchive])
            #expect(try fixture.auditedActions == [.created, .held, .archived])
        }
    }

    @Test("B4: a volume that was given to another claim meanwhile is backed up again")
    func anotherClaim() async throws {
        let hooks = ScriptedHooks([.beforeArchive: .succeeded, .afterArchive: .succeeded])
        try await ShareFixture.run(hooks: hooks) { fixture in
            struct Changed: Error {}
            let volume = try await fixture.volumeWithData("db")
            let plan = fixture.reclaimPlan(volume.plan, volume.directory)
            await #expect(throws: Changed.self) {
                try await fixture.share.reclaim(
                    plan,
                    deletesAdopted: false,
                    confirm: { _ in throw Changed() },
                    otherVolumes: { _ in [] }
                )
            }
            var rebound = plan.volume
            rebound.spec?.claimRef?.uid = "another"
            _ = try await fixture.reclaim(
                ReclaimPlan(volume: rebound, share: plan.share, path: plan.path, action: .archive)
            )
            #expect(hooks.ran == [.beforeArchive, .beforeArchive, .afterArchive])
        }
    }

    @Test("A volume that changes while its hooks run is not moved")
    func changesMeanwhile() async throws {
        struct Changed: Error {}
        try await ShareFixture.run(hooks: ScriptedHooks([.beforeArchive: .succeeded])) { fixture in
            let volume = try await fixture.volumeWithData("db")
            let plan = fixture.reclaimPlan(volume.plan, volume.directory)
            await #expect(throws: Changed.self) {
                try await fixture.share.reclaim(
                    plan,
                    deletesAdopted: false,
                    confirm: { _ in throw Changed() },
                    otherVolumes: { _ in [] }
                )
            }
            #expect(try fixture.listing == [volume.plan.path.description])
        }
    }

    @Test("A2: a hold that comes while the hooks before a purge run counts")
    func holdMeanwhile() async throws {
        let admin = AdminOnShare()
        let hooks = ScriptedHooks([.beforePurge: .succeeded], meanwhile: { _ in try await admin.act() })
        try await ShareFixture.run(hooks: hooks) { fixture in
            let id = try await fixture.archiveWithData("db")
            admin.action.withLock { $0 = { try await fixture.share.hold(id, reason: "court") } }
            let error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(error?.description.contains("is held (court)") == true)
            #expect(try fixture.listing.count == 1)
            #expect(try fixture.record(ArchiveRecord.self, id)?.hold != nil)
        }
    }

    @Test("B3: a hook that fails before a purge keeps the archive")
    func failsBeforePurge() async throws {
        let hooks = ScriptedHooks([.beforePurge: .failed])
        try await ShareFixture.run(hooks: hooks) { fixture in
            let id = try await fixture.archiveWithData("db")
            await #expect(throws: HookFailure.self) { try await fixture.share.purge(id, reason: "r") }
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .archived)
            hooks.set(.beforePurge, .succeeded)
            try await fixture.share.purge(id, reason: "r")
            #expect(try fixture.listing == [])
        }
    }

    @Test(
        "B2: data that needs a backup is neither deleted nor purged without one, unless the admin says so",
        arguments: [nil, HookResult.Outcome.succeeded]
    )
    func required(backup: HookResult.Outcome?) async throws {
        let hooks = ScriptedHooks(backup.map { [.afterArchive: $0] } ?? [:])
        try await ShareFixture.run(hooks: hooks) { fixture in
            let volume = try await fixture.volumeWithData("db", annotations: [AnnotationKey.backup: "required"])
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: .delete)
            let name = "archived-\(volume.plan.path)"
            #expect(try await fixture.reclaim(plan) == .archived(name: name, lacksBackup: backup == nil))
            let id = volume.plan.volumeName
            if backup == nil {
                let error = await #expect(throws: ShareError.self) { try await fixture.share.purge(id, reason: "r") }
                #expect(error?.description.contains("needs a backup") == true)
                #expect(try fixture.listing == [name])
                try await fixture.share.purge(id, reason: "r", evenWithoutBackup: true)
            } else {
                try await fixture.share.purge(id, reason: "r")
            }
            #expect(try fixture.listing == [])
        }
    }

    @Test("B1: no hook runs for data that needs no backup")
    func none() async throws {
        let hooks = ScriptedHooks([.beforeArchive: .failed])
        try await ShareFixture.run(hooks: hooks) { fixture in
            let volume = try await fixture.volumeWithData("db", annotations: [AnnotationKey.backup: "none"])
            _ = try await archive(volume, on: fixture)
            #expect(hooks.ran == [])
        }
    }

    @Test("B1: a requirement that cannot be read is the strongest")
    func unreadable() {
        let volume = PersistentVolume(metadata: ObjectMeta(annotations: [AnnotationKey.backup: "yes"]))
        #expect(BackupRequirement(of: volume, recorded: nil, ofClass: BackupRequirement.none) == .required)
    }
}

/// A call to the share, made while a hook has its thread.
private final class ComputingHookCall: Sendable {
    let export = Mutex<Export?>(nil)
    private let answers = Atomic(0)

    var isAnswered: Bool { answers.load(ordering: .relaxed) > 0 }

    func make() async {
        guard let export = export.withLock({ $0 }) else { return }
        if (try? await export.statistics()) != nil { answers.add(1, ordering: .relaxed) }
    }
}
