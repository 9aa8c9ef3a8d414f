import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("An archive whose volume was removed while a hook after it failed")
struct FinishAbandonedTests {
    private func archive(_ name: String = "db", on fixture: ShareFixture) async throws -> String {
        let volume = try await fixture.volumeWithData(name)
        let plan = fixture.reclaimPlan(volume.plan, volume.directory)
        await #expect(throws: HookFailure.self) { try await fixture.reclaim(plan) }
        let record = try fixture.record(ArchiveRecord.self, volume.plan.volumeName)
        #expect(record?.state == .renamed)
        return volume.plan.volumeName
    }

    @Test("It is finished, says so, and can be held and purged")
    func finished() async throws {
        try await ShareFixture.run(hooks: ScriptedHooks([.afterArchive: .failed])) { fixture in
            let id = try await archive(on: fixture)
            try await fixture.share.hold(id, reason: "court")
            #expect(try await fixture.share.finishAbandonedArchives(if: { _ in true }) == [id])
            let record = try #require(try fixture.record(ArchiveRecord.self, id))
            #expect(record.state == .archived && record.hold?.reason == "court")
            #expect(try fixture.auditedActions.contains(.archived))
            try await fixture.share.releaseHold(id, reason: "over")
            try await fixture.share.purge(id, reason: "old")
            #expect(try fixture.record(ArchiveRecord.self, id)?.state == .purged)
        }
    }

    @Test("While its volume exists, or it is another cluster's, it is left to them")
    func needed() async throws {
        try await ShareFixture.run(hooks: ScriptedHooks([.afterArchive: .failed])) { fixture in
            let id = try await archive(on: fixture)
            #expect(try await fixture.share.finishAbandonedArchives(if: { _ in false }) == [])
            var record = try #require(try fixture.record(ArchiveRecord.self, id))
            record.cluster = "another"
            try fixture.put(record)
            #expect(try await fixture.share.finishAbandonedArchives(if: { _ in true }) == [])
        }
    }

    @Test("Another directory in the place of one is left alone, and does not block the others", arguments: 0..<3)
    func replaced(index: Int) async throws {
        try await ShareFixture.run(hooks: ScriptedHooks([.afterArchive: .failed])) { fixture in
            var ids: [String] = []
            for name in ["one", "two", "three"] { ids.append(try await archive(name, on: fixture)) }
            ids.sort()
            let replaced = ids.remove(at: index)
            let place = try #require(try fixture.record(ArchiveRecord.self, replaced)).to
            try FileManager.default.moveItem(at: fixture.url(place), to: fixture.url("safe"))
            try FileManager.default.createDirectory(at: fixture.url(place), withIntermediateDirectories: false)
            #expect(try await fixture.share.finishAbandonedArchives(if: { _ in true }).sorted() == ids)
            for id in ids { #expect(try fixture.record(ArchiveRecord.self, id)?.state == .archived) }
            #expect(try fixture.record(ArchiveRecord.self, replaced)?.state == .renamed)
            #expect(try fixture.text("safe/file").isEmpty == false)
        }
    }
}
