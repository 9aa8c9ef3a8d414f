import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("Restoring archives on a real share")
struct ShareRestoreTests {
    @Test("Moved back, the volume's directory is the archive itself, with mode and owner as they were")
    func moved() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let archive = try #require(try fixture.record(ArchiveRecord.self, id))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o750],
                ofItemAtPath: fixture.url(archive.to).path()
            )
            let plan = try fixture.plan("again", restoring: id)
            let directory = try await fixture.provision(plan)
            #expect(directory.origin == .restored && directory.fileID == archive.directory.fileID)
            #expect(try fixture.listing == [plan.path.description])
            #expect(try fixture.text("\(plan.path)/file") == "db")
            let mode = try FileManager.default.attributesOfItem(atPath: fixture.url(plan.path.description).path())
            #expect(mode[.posixPermissions] as? Int == 0o750)
            let record = try #require(try fixture.record(ArchiveRecord.self, id))
            #expect(record.state == .restored && record.restore?.volume == plan.volumeName)
            #expect(try fixture.auditedActions == [.created, .archived, .restored])
        }
    }

    @Test("Restored and released again, it is an archive of its own")
    func releasedAgain() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let plan = try fixture.plan("again", restoring: id)
            let directory = try await fixture.provision(plan)
            _ = try await fixture.reclaim(fixture.reclaimPlan(plan, directory))
            let record = try #require(try fixture.record(ArchiveRecord.self, plan.volumeName))
            #expect(record.state == .archived)
            #expect(try fixture.text("\(record.to)/file") == "db")
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .restored)
        }
    }

    @Test("A7: only into the namespace it came from, unless the admin allows more")
    func otherNamespace() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let plan = try fixture.plan("again", in: "elsewhere", restoring: id)
            let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
            #expect(error?.description.contains("another namespace; ask the admin to set") == true)
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .archived)
            var settings = fixture.settings
            settings.restoresAcrossNamespaces = true
            _ = try await fixture.provision(
                try fixture.plan("again", in: "elsewhere", restoring: id, settings: settings)
            )
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .restored)
        }
    }

    @Test("A2: a held archive is not moved, but may be copied")
    func held() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            try await fixture.share.hold(id, reason: "court order")
            let error = await #expect(throws: ShareError.self) {
                try await fixture.provision(try fixture.plan("again", restoring: id))
            }
            #expect(error?.description.contains("is held (court order): restore a copy of it") == true)
            let plan = try fixture.plan("copy", restoring: id, mode: .copy)
            _ = try await fixture.provision(plan)
            #expect(try fixture.text("\(plan.path)/file") == "db")
            #expect(try fixture.record(ArchiveRecord.self, id)?.hold != nil)
        }
    }

    @Test("A8: an existing directory at the target path stays, and nothing is restored over it")
    func occupied() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            try FileManager.default.createDirectory(at: fixture.url("again"), withIntermediateDirectories: false)
            for mode in RestoreRequest.Mode.allCases {
                let plan = try fixture.plan(
                    "again",
                    restoring: id,
                    mode: mode,
                    parameters: ["pathPattern": "${.PVC.name}"]
                )
                let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
                #expect(error?.description.contains("an archive is not restored over it") == true)
            }
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .archived)
        }
    }

    @Test("A8: one archive becomes one volume: the second claim's event names it", arguments: [false, true])
    func twice(abandoned: Bool) async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            _ = try await fixture.provision(try fixture.plan("first", restoring: id))
            if abandoned {
                var record = try #require(try fixture.record(ArchiveRecord.self, id))
                record.state = .restoring
                try fixture.put(record)
            }
            let second = try fixture.plan("second", restoring: id)
            let support = RestoreSupport(isAbandoned: { _, _ in abandoned })
            guard abandoned else {
                let error = await #expect(throws: ShareError.self) { try await fixture.provision(second) }
                #expect(error?.description.contains("became volume pvc-uid-first again") == true)
                return
            }
            _ = try await fixture.share.provision(second, restore: support) { _ in }
            #expect(try fixture.listing == [second.path.description])
            #expect(try fixture.record(ArchiveRecord.self, id)?.restore?.volume == second.volumeName)
        }
    }

    @Test("A6: a directory that is not the one that was archived is not restored")
    func replaced() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let archive = try #require(try fixture.record(ArchiveRecord.self, id))
            try await fixture.rename(archive.to, to: "aside")
            let other = try await fixture.volumeWithData("other")
            try await fixture.rename(other.plan.path.description, to: archive.to)
            for mode in RestoreRequest.Mode.allCases {
                let plan = try fixture.plan("again-\(mode)", restoring: id, mode: mode)
                let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
                #expect(error?.description.contains("is not the directory that was archived") == true)
            }
            #expect(try fixture.text("\(archive.to)/file") == "other")
            #expect(try fixture.text("aside/file") == "db")
        }
    }

    @Test("A7: a namespace of the same name in another cluster is a different one, unless the admin allows more")
    func otherCluster() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            var archive = try #require(try fixture.record(ArchiveRecord.self, id))
            archive.cluster = "elsewhere"
            try fixture.put(archive)
            for mode in RestoreRequest.Mode.allCases {
                let plan = try fixture.plan("again", restoring: id, mode: mode)
                let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
                #expect(error?.description.contains("of another cluster and cannot be restored") == true)
            }
            var settings = fixture.settings
            settings.restoresAcrossNamespaces = true
            _ = try await fixture.provision(try fixture.plan("again", restoring: id, settings: settings))
        }
    }

    @Test("An archive that another cluster is restoring stays with it: this cluster does not know its claims")
    func restoringElsewhere() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let first = try fixture.plan("first", restoring: id)
            _ = try await fixture.provision(first)
            var record = try #require(try fixture.record(VolumeRecord.self, first.volumeName))
            record.cluster = "elsewhere"
            try fixture.put(record)
            var archive = try #require(try fixture.record(ArchiveRecord.self, id))
            archive.state = .restoring
            try fixture.put(archive)
            let second = try fixture.plan("second", restoring: id)
            let support = RestoreSupport(isAbandoned: { _, _ in true })
            let error = await #expect(throws: ShareError.self) {
                try await fixture.share.provision(second, restore: support) { _ in }
            }
            #expect(error?.description.contains("is being restored into volume pvc-uid-first") == true)
            #expect(try fixture.listing == [first.path.description])
        }
    }

    @Test("A8: of claims that ask for one archive at the same time, one has it, and the archive's record says which")
    func race() async throws {
        try await ShareFixture.run { fixture in
            for round in 0..<8 {
                let id = try await fixture.archiveWithData("db-\(round)")
                let plans = try (0..<8).map { try fixture.plan("again-\(round)-\($0)", restoring: id) }
                let winners = try await withThrowingTaskGroup(of: String?.self) { group in
                    for plan in plans {
                        group.addTask {
                            do {
                                _ = try await fixture.provision(plan)
                                return plan.volumeName
                            } catch is ShareError {
                                return nil
                            }
                        }
                    }
                    return try await group.reduce(into: [String]()) { names, name in if let name { names.append(name) }
                    }
                }
                let record = try #require(try fixture.record(ArchiveRecord.self, id))
                #expect(record.state == .restored && winners == record.restore.map { [$0.volume] })
            }
        }
    }

    @Test(
        "The directory of a volume released with retain is not rolled back with its restore",
        arguments: RestoreRequest.Mode.allCases
    )
    func releasedAndRetained(mode: RestoreRequest.Mode) async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let plan = try fixture.plan("again", restoring: id, mode: mode)
            let directory = try await fixture.provision(plan)
            _ = try await fixture.reclaim(fixture.reclaimPlan(plan, directory, action: .retain))
            try await fixture.share.withdraw(plan)
            #expect(try fixture.text("\(plan.path)/file") == "db")
            #expect(try fixture.record(VolumeRecord.self, plan.volumeName)?.release?.action == .retain)
        }
    }

    @Test("An unknown archive name is an error message")
    func missing() async throws {
        try await ShareFixture.run { fixture in
            let plan = try fixture.plan("again", restoring: "pvc-none")
            let error = await #expect(throws: ShareError.self) { try await fixture.provision(plan) }
            #expect(error?.description.contains("there is no archive pvc-none on") == true)
        }
    }
}
