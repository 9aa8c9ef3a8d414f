import Foundation
import Kubernetes
import NFS
import TestBed
import Testing

@testable import Provisioning

@Suite("An archive's record that somebody changes while the archive is made")
struct HeldWhileArchivedTests {
    /// The record is there after three changes, the directory is renamed with the fourth, and the audit log has its line
    /// with the fifth or sixth.
    @Test(
        "A2, A11: a hold placed meanwhile stays, and so do fields that an admin wrote",
        arguments: [3, 4, 5],
        [true, false]
    )
    func kept(changes: Int, isHeld: Bool) async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("db")
            let id = volume.plan.volumeName
            let (breaker, processes, share) = try await fixture.stoppableProcess()
            breaker.pause(afterChanges: changes)
            let plan = fixture.reclaimPlan(volume.plan, volume.directory)
            async let outcome = share.reclaim(plan, deletesAdopted: false, otherVolumes: { _ in [] })
            try await eventually("archiving has stopped") { breaker.isPaused }
            if isHeld { try await fixture.share.hold(id, reason: "court") }
            let file = fixture.url(".sb-nfs-provisioner/archives/\(id).json")
            let text = try String(contentsOf: file, encoding: .utf8)
            try (#"{"ticket": "4711","# + text.dropFirst()).write(to: file, atomically: false, encoding: .utf8)
            breaker.goOn()
            _ = try await outcome
            await processes.close()
            let record = try #require(try fixture.record(ArchiveRecord.self, id))
            #expect(record.state == .archived && record.hold?.reason == (isHeld ? "court" : nil))
            #expect(try String(contentsOf: file, encoding: .utf8).contains("4711"))
        }
    }
}
