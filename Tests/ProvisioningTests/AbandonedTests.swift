import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

/// A controller was killed after it had begun something for a claim, and the claim went away before the next one
/// started: that one has only the share's records to know of it.
@Suite("C13: unfinished work for a claim deleted while no controller ran")
struct AbandonedTests {
    private static let cluster = "this"

    /// - Returns: What was taken back.
    private func look(
        at fixture: ShareFixture,
        known: Set<String> = [],
        isAbandoned: Bool = true,
        neighbours: VolumePaths = VolumePaths()
    ) async throws -> [String] {
        try await fixture.share.withdrawAbandoned(
            { known.contains($0) },
            if: { _ in isAbandoned },
            take: { record, exportID in
                guard let path = record.volumePath else { return false }
                let (export, volume) = (fixture.address.export, record.volume)
                return neighbours.reserve(path, of: export, for: volume, exportID: exportID) == nil
            },
            giveBack: { neighbours.remove($0.volume) }
        )
    }

    @Test("A directory that was given to another claim since stays, though nobody wrote to it yet")
    func adopted() async throws {
        try await ShareFixture.run(cluster: Self.cluster) { fixture in
            let plan = try fixture.plan("db", parameters: ["pathPattern": "data"])
            _ = try await fixture.provision(plan)
            let other = try fixture.plan("db-again", parameters: ["pathPattern": "data"])
            let neighbours = VolumePaths()
            try neighbours.reserve(other)
            #expect(try await look(at: fixture, neighbours: neighbours) == [])
            #expect(FileManager.default.fileExists(atPath: fixture.url("data").path()))
            neighbours.remove(other.volumeName)
            #expect(try await look(at: fixture, neighbours: neighbours) == [plan.volumeName])
            // Given back: whoever comes next may have the place.
            try neighbours.reserve(other)
        }
    }

    @Test("A directory that was never written to is removed with its record", arguments: [[:], ["pathPattern": "a/b"]])
    func empty(parameters: [String: String]) async throws {
        try await ShareFixture.run(cluster: Self.cluster) { fixture in
            let plan = try fixture.plan("db", parameters: parameters)
            _ = try await fixture.provision(plan)
            #expect(try await look(at: fixture) == [plan.volumeName])
            #expect(!FileManager.default.fileExists(atPath: fixture.url(plan.path.description).path()))
            #expect(try fixture.record(VolumeRecord.self, plan.volumeName) == nil)
            #expect(try fixture.auditedActions == [.created, .withdrawn])
            #expect(try await look(at: fixture) == [])
        }
    }

    @Test("A directory that may be in use stays: of a volume in the cluster, an existing claim, another cluster")
    func needed() async throws {
        try await ShareFixture.run(cluster: Self.cluster) { fixture in
            let plan = try fixture.plan("db")
            _ = try await fixture.provision(plan)
            #expect(try await look(at: fixture, known: [plan.volumeName]) == [])
            #expect(try await look(at: fixture, isAbandoned: false) == [])
            var record = try #require(try fixture.record(VolumeRecord.self, plan.volumeName))
            for cluster in ["another", nil] {
                record.cluster = cluster
                try fixture.put(record)
                #expect(try await look(at: fixture) == [])
            }
            #expect(try fixture.listing == [plan.path.description])
        }
    }

    @Test("A directory that once had files stays, also when it is empty again")
    func used() async throws {
        try await ShareFixture.run(cluster: Self.cluster) { fixture in
            let volume = try await fixture.volumeWithData("db")
            #expect(try await look(at: fixture) == [])
            try FileManager.default.removeItem(at: fixture.url("\(volume.plan.path)/file"))
            #expect(try await look(at: fixture) == [])
            #expect(try fixture.listing == [volume.plan.path.description])
        }
    }

    @Test("A released directory that was left alone stays")
    func retained() async throws {
        try await ShareFixture.run(cluster: Self.cluster) { fixture in
            let plan = try fixture.plan("db")
            let directory = try await fixture.provision(plan)
            _ = try await fixture.reclaim(fixture.reclaimPlan(plan, directory, action: .retain))
            #expect(try await look(at: fixture) == [])
            #expect(try fixture.listing == [plan.path.description])
        }
    }

    @Test(
        "A restore is rolled back wherever it was interrupted; a completed one stays",
        arguments: RestoreRequest.Mode.allCases
    )
    func restore(mode: RestoreRequest.Mode) async throws {
        for changes in 0..<40 {
            var isDone = false
            try await ShareFixture.run(cluster: Self.cluster) { fixture in
                let archive = try await fixture.archiveWithData("db")
                let plan = try fixture.plan("again", restoring: archive, mode: mode)
                fixture.gate.close(afterChanges: changes)
                do {
                    _ = try await fixture.provision(plan)
                    isDone = true
                } catch {}
                fixture.gate.open()
                try await fixture.restart()
                _ = try await look(at: fixture)
                let record = try #require(try fixture.record(ArchiveRecord.self, archive))
                let place = record.state == .restored ? plan.path.description : record.to
                #expect(try fixture.text("\(place)/file") == "db", "after \(changes) changes")
                if isDone { #expect(try fixture.text("\(plan.path)/file") == "db") }
                let isUnfinished =
                    record.state == .restoring
                    || mode == .move && record.state == .archived
                        && FileManager.default.fileExists(atPath: fixture.url(plan.path.description).path())
                #expect(!isUnfinished, "after \(changes) changes")
            }
            if isDone { return }
        }
        Issue.record("forty changes, and it is not done")
    }

    @Test("A record whose archive became another volume is removed if nothing of it is left")
    func archiveGivenToAnother() async throws {
        try await ShareFixture.run(cluster: Self.cluster) { fixture in
            let archive = try await fixture.archiveWithData("db")
            let first = try fixture.plan("first", restoring: archive)
            let record = try #require(try fixture.record(ArchiveRecord.self, archive))
            // The leader was stopped between the record and the rename.
            try fixture.put(VolumeRecord(first, restoring: record.directory, cluster: Self.cluster))
            _ = try await fixture.provision(try fixture.plan("second", restoring: archive))
            #expect(try await look(at: fixture, known: ["pvc-uid-second"]) == [first.volumeName])
            #expect(try fixture.record(VolumeRecord.self, first.volumeName) == nil)
            #expect(try fixture.record(ArchiveRecord.self, archive)?.restore?.volume == "pvc-uid-second")
        }
    }
}
