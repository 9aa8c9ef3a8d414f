import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("A full share can be emptied")
struct FullShareTests {
    private enum Shortage: CaseIterable {
        case blocks, inodes
    }

    @Test(
        "A10: an archive is purged and a directory deleted when a record does not fit, with and without a reserve",
        arguments: [true, false],
        0..<2
    )
    func full(hasReserve: Bool, shortage: Int) async throws {
        let shortage = Shortage.allCases[shortage]
        let server = try await SmallNFSServer()
        func fill() throws {
            if shortage == .blocks { try server.fillBlocks() } else { server.fillInodes() }
        }
        try await ShareFixture.run(on: server) { fixture in
            let archive = try await fixture.archiveWithData("old")
            let volume = try await fixture.volumeWithData("db")
            if !hasReserve {
                for number in 0..<4 {
                    try FileManager.default.removeItem(at: fixture.url(".sb-nfs-provisioner/reserve-\(number)"))
                }
            }
            try fill()
            try await fixture.share.purge(archive, reason: "to make room")
            #expect(try fixture.record(ArchiveRecord.self, archive)?.state == .purged)
            #expect(try fixture.auditedActions.contains(.purged))
            try fill()
            let reclaim = fixture.reclaimPlan(volume.plan, volume.directory, action: .delete)
            #expect(try await fixture.reclaim(reclaim) == .deleted)
            #expect(try fixture.names(in: "trash") == [])
            #expect(try fixture.auditedActions.contains(.deleted))
        }
    }

    @Test("A10: a claim is refused on a full share, and the event says how full it is")
    func refused() async throws {
        let server = try await SmallNFSServer()
        try await ShareFixture.run(on: server) { fixture in
            _ = try await fixture.volumeWithData("db")
            server.fillInodes()
            let plan = try fixture.plan("new")
            let refusal = await #expect(throws: ShareError.self) { _ = try await fixture.provision(plan) }
            #expect(refusal?.description.contains("is full:") == true)
            #expect(refusal?.description.contains("and 0 files are free of") == true)
        }
    }
}
