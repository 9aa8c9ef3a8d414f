import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("A share read for reports")
struct ShareReadingTests {
    @Test("2,000 records, half of them unreadable, are 2,000 entries")
    func manyRecords() async throws {
        try await ShareFixture.run { fixture in
            let id = try await fixture.archiveWithData("db")
            let archive = try #require(try fixture.record(ArchiveRecord.self, id))
            let volume = try await fixture.volumeWithData("web").plan.volumeName
            let record = try #require(try fixture.record(VolumeRecord.self, volume))
            for number in 0..<1000 {
                let name = "pvc-\(number)"
                var (anArchive, aVolume) = (archive, record)
                (anArchive.id, aVolume.volume) = ("\(name)-a", name)
                try fixture.put(anArchive)
                try fixture.put(aVolume)
                guard number.isMultiple(of: 2) else { continue }
                for path in ["archives/\(name)-a", "volumes/\(name)"] {
                    try Data("{".utf8).write(to: fixture.url(".sb-nfs-provisioner/\(path).json"))
                }
            }
            let volumes = try await fixture.share.volumeRecords()
            let catalogue = try await fixture.share.catalogue()
            let broken = volumes.count { entry in if case .unreadable = entry { true } else { false } }
            let brokenArchives = catalogue.count { entry in if case .unreadable = entry { true } else { false } }
            #expect(volumes.count == 1001 && broken == 500)
            #expect(catalogue.count == 1001 && brokenArchives == 500)
            #expect(try await fixture.share.statistics().totalBytes > 0)
        }
    }

    @Test("The audit log is read by time; an invalid line hides no other")
    func auditLog() async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.archiveWithData("db")
            let old = #"{"at":"2026-01-02T03:04:05Z","action":"purged","path":"p","reason":"r","volume":"v"}"#
            let folder = fixture.url(".sb-nfs-provisioner/audit")
            try Data("\(old)\n{\"at\":".utf8).write(to: folder.appending(path: "2026-01-02-gone.jsonl"))
            try Data("x".utf8).write(to: folder.appending(path: "notes.txt"))
            try FileManager.default.createDirectory(
                at: folder.appending(path: "2026-01-02-odd.jsonl"),
                withIntermediateDirectories: false
            )
            let all = try await fixture.share.auditEntries(since: nil, until: nil)
            #expect(all.entries.map(\.action) == [.purged, .created, .archived])
            #expect(all.problems.count == 2)
            #expect(all.problems[0].contains("2026-01-02-gone.jsonl on \(fixture.address): line 2 cannot be read"))
            #expect(all.problems[1].contains("2026-01-02-odd.jsonl") && all.problems[1].contains("directory"))
            let recent = try await fixture.share.auditEntries(since: Timestamp("2026-01-04T00:00:00Z"), until: nil)
            #expect(recent.entries.map(\.cluster) == [ShareFixture.cluster, ShareFixture.cluster])
            #expect(recent.problems == [])
            let past = try await fixture.share.auditEntries(since: nil, until: Timestamp("2026-01-02T03:04:05Z"))
            #expect(past.entries.map(\.action) == [.purged])
        }
    }
}
