import Foundation
import Kubernetes
import NFS
import Synchronization
import Testing

@testable import Provisioning

/// A hook may take an hour, and an admin has the share meanwhile.
@Suite("What changes while a hook runs before a directory is moved")
struct SwappedDirectoryTests {
    private static let actions: [(ReleaseAction, HookPhase)] = [(.archive, .beforeArchive), (.delete, .beforePurge)]

    @Test("R11: another directory in the volume's place is neither archived nor removed", arguments: [0, 1])
    func swapped(index: Int) async throws {
        let (action, phase) = Self.actions[index]
        let swap = Mutex<(@Sendable () throws -> Void)?>(nil)
        let hooks = ScriptedHooks([phase: .succeeded]) { _ in try swap.withLock { $0 }?() }
        try await ShareFixture.run(hooks: hooks) { fixture in
            let volume = try await fixture.volumeWithData("db")
            let path = volume.plan.path.description
            swap.withLock {
                $0 = {
                    try FileManager.default.moveItem(at: fixture.url(path), to: fixture.url("safe"))
                    try FileManager.default.createDirectory(
                        at: fixture.url(path),
                        withIntermediateDirectories: false
                    )
                    try Data("another".utf8).write(to: fixture.url("\(path)/file"))
                }
            }
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: action)
            await #expect(throws: ShareError.self) { try await fixture.reclaim(plan) }
            swap.withLock { $0 = nil }
            await #expect(throws: ShareError.self) { try await fixture.reclaim(plan) }
            #expect(try fixture.text("\(path)/file") == "another")
            #expect(try fixture.text("safe/file") == "db")
        }
    }

    @Test("R3: the cluster is read again after the hooks, and its refusal leaves all in place", arguments: [0, 1])
    func refused(index: Int) async throws {
        struct Changed: Error {}
        let (action, phase) = Self.actions[index]
        try await ShareFixture.run(hooks: ScriptedHooks([phase: .succeeded])) { fixture in
            let volume = try await fixture.volumeWithData("db")
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: action)
            await #expect(throws: Changed.self) {
                try await fixture.share.reclaim(
                    plan,
                    deletesAdopted: false,
                    confirm: { _ in throw Changed() },
                    otherVolumes: { _ in [] }
                )
            }
            #expect(try fixture.text("\(volume.plan.path)/file") == "db")
        }
    }

    @Test("R8: a directory that another cluster has adopted meanwhile stays", arguments: [0, 1])
    func adoptedMeanwhile(index: Int) async throws {
        let (action, phase) = Self.actions[index]
        let adopt = Mutex<(@Sendable () throws -> Void)?>(nil)
        let hooks = ScriptedHooks([phase: .succeeded]) { _ in try adopt.withLock { $0 }?() }
        try await ShareFixture.run(hooks: hooks, cluster: "this-cluster") { fixture in
            let plan = try fixture.plan("db", parameters: ["pathPattern": "shared"])
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: action)
            let recorded = try #require(try fixture.record(VolumeRecord.self, plan.volumeName))
            adopt.withLock {
                $0 = {
                    var theirs = recorded
                    (theirs.volume, theirs.cluster) = ("pvc-theirs", "another-cluster")
                    try fixture.put(theirs)
                }
            }
            await #expect(throws: ShareError.self) { try await fixture.reclaim(reclaim) }
            let reason = "volume pvc-theirs of another cluster is on it or below it"
            #expect(try await fixture.reclaim(reclaim) == .retained(reason: reason))
            #expect(try fixture.listing == ["shared"])
        }
    }

    @Test("B4: a hook's success counts for the claim whose data it was, not for the next one's", arguments: [0, 1])
    func reboundMeanwhile(index: Int) async throws {
        struct Changed: Error {}
        let (action, phase) = Self.actions[index]
        let hooks = ScriptedHooks([phase: .succeeded])
        try await ShareFixture.run(hooks: hooks) { fixture in
            let volume = try await fixture.volumeWithData("db")
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: action)
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
                ReclaimPlan(volume: rebound, share: plan.share, path: plan.path, action: action)
            )
            #expect(hooks.ran == [phase, phase])
        }
    }

    @Test("R6, R11: a directory moved into the trash by mistake is put back, and nothing there is removed unchecked")
    func foreignTrash() async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("db")
            let trash = fixture.url(".sb-nfs-provisioner/trash/\(volume.plan.volumeName)")
            try FileManager.default.createDirectory(at: trash, withIntermediateDirectories: false)
            try Data("rescued".utf8).write(to: trash.appending(path: "file"))
            let plan = fixture.reclaimPlan(volume.plan, volume.directory, action: .delete)
            let error = await #expect(throws: ShareError.self) { try await fixture.reclaim(plan) }
            #expect(error?.description.contains("nothing was removed") == true)
            #expect(try String(contentsOf: trash.appending(path: "file"), encoding: .utf8) == "rescued")
        }
    }
}
