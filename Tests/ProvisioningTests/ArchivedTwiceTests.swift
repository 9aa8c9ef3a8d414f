import Foundation
import Kubernetes
import NFS
import Synchronization
import TestBed
import Testing

@testable import Provisioning

@Suite("Two controllers without leader election archive one volume")
struct ArchivedTwiceTests {
    @Test("R5: wherever the one is stopped while the other archives it, the record says where the archive is")
    func stopped() async throws {
        for changes in 0..<20 {
            var isStopped = false
            try await ShareFixture.run { fixture in
                let volume = try await fixture.volumeWithData("db")
                let id = volume.plan.volumeName
                let (breaker, processes, share) = try await fixture.stoppableProcess()
                breaker.pause(afterChanges: changes)
                let isOver = Mutex(false)
                let plan = fixture.reclaimPlan(volume.plan, volume.directory)
                async let first: Void = {
                    defer { isOver.withLock { $0 = true } }
                    _ = try? await share.reclaim(plan, deletesAdopted: false, otherVolumes: { _ in [] })
                }()
                try await eventually("it has stopped, or is over") { breaker.isPaused || isOver.withLock { $0 } }
                isStopped = breaker.isPaused
                _ = try await fixture.reclaim(plan)
                breaker.goOn()
                await first
                await processes.close()
                let record = try #require(try fixture.record(ArchiveRecord.self, id))
                #expect(record.state == .archived, "stopped after \(changes) changes")
                #expect(try fixture.text("\(record.to)/file") == "db", "stopped after \(changes) changes")
            }
            if !isStopped { return #expect(changes > 7) }
        }
        Issue.record("twenty changes, and it is not done")
    }
}
