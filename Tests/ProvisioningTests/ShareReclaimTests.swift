import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("Reclaiming a volume's directory on a real share, repeatedly")
struct ShareReclaimTests {
    @Test("Done twice the outcome is the same, for each action", arguments: [ReleaseAction.archive, .delete, .retain])
    func repeated(action: ReleaseAction) async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: action)
            let first = try await fixture.reclaim(reclaim)
            let listing = try fixture.listing
            #expect(try await fixture.reclaim(reclaim) == first)
            #expect(try fixture.listing == listing)
            #expect(try fixture.auditedActions.count == 2)
        }
    }

    @Test("R5: a crash before the rename repeats it; after a later crash it is found done", arguments: [false, true])
    func archiveIntent(renamed: Bool) async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let directory = try await fixture.provision(plan)
            let reclaim = fixture.reclaimPlan(plan, directory)
            let outcome = try await fixture.reclaim(reclaim)
            var record = try #require(try fixture.record(ArchiveRecord.self, plan.volumeName))
            record.state = .intent
            try fixture.put(record)
            if !renamed { try await fixture.rename(record.to, to: plan.path.description) }
            #expect(try await fixture.reclaim(reclaim) == outcome)
            #expect(try fixture.listing == ["archived-\(plan.path)"])
            #expect(try fixture.record(ArchiveRecord.self, plan.volumeName)?.state == .archived)
        }
    }

    @Test("R5: volumes of one basename that are archived at the same time get different names")
    func sameBasename() async throws {
        try await ShareFixture.run { fixture in
            var plans: [ReclaimPlan] = []
            for index in 0..<12 {
                let plan = try fixture.plan("claim-\(index)", parameters: ["pathPattern": "${.PVC.name}/data"])
                plans.append(fixture.reclaimPlan(plan, try await fixture.provision(plan)))
                try Data("\(index)".utf8).write(to: fixture.url("claim-\(index)/data/file"))
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for plan in plans { group.addTask { _ = try await fixture.reclaimPatiently(plan) } }
                try await group.waitForAll()
            }
            let archives = try fixture.listing.filter { $0.hasPrefix("archived-data") }
            let contents = try archives.map { try String(contentsOf: fixture.url("\($0)/file"), encoding: .utf8) }
            #expect(Set(contents) == Set((0..<12).map(String.init)))
        }
    }

    @Test("R11: a directory that is not the one the volume remembers is not touched")
    func replaced() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let directory = try await fixture.provision(plan)
            try await fixture.rename(plan.path.description, to: "aside")
            let other = try fixture.plan("other")
            _ = try await fixture.provision(other)
            try await fixture.rename(other.path.description, to: plan.path.description)
            for action in [ReleaseAction.archive, .delete, .retain] {
                let reclaim = fixture.reclaimPlan(plan, directory, action: action)
                let error = await #expect(throws: ShareError.self) { try await fixture.reclaim(reclaim) }
                #expect(error?.description.contains("is not the directory that was made for") == true)
            }
            #expect(try fixture.listing == ["aside", plan.path.description])
        }
    }

    @Test("R4: for a volume without a recorded identity, a missing directory is an error")
    func missingWithoutMemory() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let error = await #expect(throws: ShareError.self) {
                try await fixture.reclaim(fixture.reclaimPlan(plan, nil))
            }
            #expect(error?.description.contains("nothing shows that this is the share it was made on") == true)
        }
    }

    @Test("P5: without a class the record decides, and without a record it is archived")
    func policyOfRecord() async throws {
        try await ShareFixture.run { fixture in
            let recorded = try fixture.plan("recorded", parameters: ["onDelete": "retain"])
            let known = fixture.reclaimPlan(recorded, try await fixture.provision(recorded), action: nil)
            #expect(try await fixture.reclaim(known) == .retained(reason: nil))
            let foreign = try fixture.plan("foreign")
            try FileManager.default.createDirectory(
                at: fixture.url(foreign.path.description),
                withIntermediateDirectories: false
            )
            let outcome = try await fixture.reclaim(fixture.reclaimPlan(foreign, nil, action: nil))
            #expect(outcome == .archived(name: "archived-\(foreign.path)"))
        }
    }

    @Test("S8: an adopted directory is archived where the class says delete, unless a setting allows more")
    func adopted() async throws {
        try await ShareFixture.run { fixture in
            for (name, allowed) in [("kept", false), ("gone", true)] {
                try FileManager.default.createDirectory(at: fixture.url(name), withIntermediateDirectories: false)
                let plan = try fixture.plan(name, parameters: ["pathPattern": name])
                let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: .delete)
                let outcome = try await fixture.reclaim(reclaim, deletesAdopted: allowed)
                #expect(outcome == (allowed ? .deleted : .archived(name: "archived-\(name)")))
            }
            #expect(try fixture.listing == ["archived-kept"])
        }
    }

    @Test("S5: a link in the place of the directory is not followed, for any action")
    func linked() async throws {
        try await ShareFixture.run { fixture in
            let victim = try fixture.plan("victim")
            _ = try await fixture.provision(victim)
            try Data("x".utf8).write(to: fixture.url("\(victim.path)/file"))
            let plan = try fixture.plan("db")
            try FileManager.default.createSymbolicLink(
                at: fixture.url(plan.path.description),
                withDestinationURL: fixture.url(victim.path.description)
            )
            for action in [ReleaseAction.archive, .delete] {
                let reclaim = fixture.reclaimPlan(plan, nil, action: action)
                let error = await #expect(throws: ShareError.self) { try await fixture.reclaim(reclaim) }
                #expect(error?.description.contains("is a symbolic link, not a directory") == true)
            }
            #expect(FileManager.default.fileExists(atPath: fixture.url("\(victim.path)/file").path()))
        }
    }

    @Test("R6: an interrupted delete continues in the trash, also if another volume has the path by then")
    func interruptedDelete() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db", parameters: ["pathPattern": "data"])
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: .delete)
            var record = try #require(try fixture.record(VolumeRecord.self, plan.volumeName))
            record.release = VolumeRecord.Release(action: .delete, reason: nil, at: .now)
            try fixture.put(record)
            try await fixture.rename("data", to: ".sb-nfs-provisioner/trash/\(plan.volumeName)")
            try Data("x".utf8).write(to: fixture.url(".sb-nfs-provisioner/trash/\(plan.volumeName)/file"))
            let next = try fixture.plan("next", parameters: ["pathPattern": "data"])
            _ = try await fixture.provision(next)

            #expect(try await fixture.reclaim(reclaim) == .deleted)
            #expect(try fixture.listing == ["data"])
            #expect(
                !FileManager.default.fileExists(
                    atPath: fixture.url(".sb-nfs-provisioner/trash/\(plan.volumeName)").path()
                )
            )
            #expect(try fixture.auditedActions == [.created, .created, .deleted])
        }
    }

    @Test("R5: an archive that an admin moved back is archived again, not taken for one")
    func movedBack() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan))
            let outcome = try await fixture.reclaim(reclaim)
            try await fixture.rename("archived-\(plan.path)", to: plan.path.description)
            #expect(try await fixture.reclaim(reclaim) == outcome)
            #expect(try fixture.listing == ["archived-\(plan.path)"])
        }
    }

    @Test("S8: the volume remembers that its directory was adopted, also when the record is lost")
    func adoptedWithoutRecord() async throws {
        try await ShareFixture.run { fixture in
            try FileManager.default.createDirectory(at: fixture.url("kept"), withIntermediateDirectories: false)
            let plan = try fixture.plan("kept", parameters: ["pathPattern": "kept"])
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: .delete)
            try await fixture.share.forget(volume: plan.volumeName)
            #expect(try await fixture.reclaim(reclaim) == .archived(name: "archived-kept"))
        }
    }

    @Test("R8: a directory with other volumes on it is left alone, and the record says why")
    func shared() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("db")
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: .delete)
            let reason = "volume twin is on it or below it"
            #expect(try await fixture.reclaim(reclaim, otherVolumes: ["twin"]) == .retained(reason: reason))
            #expect(try fixture.record(VolumeRecord.self, plan.volumeName)?.release?.reason == reason)
            #expect(try fixture.listing == [plan.path.description])
        }
    }

    @Test("R8: a directory that only another cluster's record names is left alone too")
    func sharedWithAnotherCluster() async throws {
        try await ShareFixture.run(cluster: "this-cluster") { fixture in
            let plan = try fixture.plan("db", parameters: ["pathPattern": "shared"])
            let reclaim = fixture.reclaimPlan(plan, try await fixture.provision(plan), action: .delete)
            var theirs = try #require(try fixture.record(VolumeRecord.self, plan.volumeName))
            (theirs.volume, theirs.cluster) = ("pvc-theirs", "another-cluster")
            try fixture.put(theirs)
            let reason = "volume pvc-theirs of another cluster is on it or below it"
            #expect(try await fixture.reclaim(reclaim) == .retained(reason: reason))
            #expect(try fixture.listing == ["shared"])
        }
    }
}

extension ShareFixture {
    /// As a queue does: again, when it failed.
    fileprivate func reclaimPatiently(_ plan: ReclaimPlan) async throws -> ReclaimOutcome {
        for _ in 0..<20 {
            if let outcome = try? await reclaim(plan) { return outcome }
        }
        return try await reclaim(plan)
    }
}
