import Foundation
import Kubernetes
import NFS
import TestBed
import Testing

@testable import Provisioning

@Suite("A share on a server whose manners differ")
struct ShareMannersTests {
    @Test("A directory lives as on any other server", arguments: ServerManner.all)
    func life(manner: ServerManner) async throws {
        let bed = try TestBed.current()
        let proxy = try await MannerProxy(to: bed.nfsServer, port: bed.nfsPort, manner)
        try await ShareFixture.run(port: proxy.port) { fixture in
            // Archived, held, copied back, moved back.
            let archive = try await fixture.archiveWithData("db")
            try await fixture.share.hold(archive, reason: "audit")
            await #expect(throws: ShareError.self) { try await fixture.share.purge(archive, reason: "erasure") }
            try await fixture.share.releaseHold(archive, reason: "audited")
            let copied = try fixture.plan("copied", restoring: archive, mode: .copy)
            _ = try await fixture.provision(copied)
            let moved = try fixture.plan("moved", restoring: archive)
            _ = try await fixture.provision(moved)
            for plan in [copied, moved] { #expect(try fixture.text("\(plan.path)/file") == "db") }

            // Adopted, and left alone by the claim that wants what another has.
            try FileManager.default.createDirectory(at: fixture.url("shared"), withIntermediateDirectories: false)
            let adopted = try fixture.plan("adopted", parameters: ["pathPattern": "shared"])
            #expect(try await fixture.provision(adopted).origin == .adopted)
            let second = try fixture.plan("second", parameters: ["pathPattern": "shared/below"])
            await #expect(throws: ShareError.self) { try await fixture.provision(second) }

            // Deleted and purged.
            let volume = try await fixture.volumeWithData("gone")
            let release = fixture.reclaimPlan(volume.plan, volume.directory, action: .delete)
            #expect(try await fixture.reclaim(release) == .deleted)
            let purged = try await fixture.archiveWithData("purged")
            try await fixture.share.purge(purged, reason: "erasure")
            let catalogue = try await fixture.share.catalogue()
            #expect(catalogue.count == 2)
            #expect(try fixture.listing == [copied.path.description, moved.path.description, "shared"].sorted())
            #expect(try fixture.url(".sb-nfs-provisioner/trash").isEmptyFolder)
        }
    }

    @Test("V5: where the server keeps modes, the sentence says how to leave them to it, and that works")
    func withoutChmod() async throws {
        let bed = try TestBed.current()
        let proxy = try await MannerProxy(to: bed.nfsServer, port: bed.nfsPort, .withoutChmod)
        try await ShareFixture.run(port: proxy.port) { fixture in
            let refused = try fixture.plan("refused")
            let error = await #expect(throws: NFSError.self) { try await fixture.provision(refused) }
            let sentence = try #require(error?.description)
            #expect(sentence.hasPrefix("chmod \(refused.path) on \(fixture.address)"), "\(sentence)")
            #expect(sentence.contains("asks for 0777, and the directory has 0755"), "\(sentence)")
            #expect(sentence.contains(#"mountPermissions: "0""#))
            let left = try fixture.plan("left", parameters: ["mountPermissions": "0"])
            #expect(try await fixture.provision(left).origin == .created)
            let sight = await ExportInspection(of: fixture.address, writes: true).run()
            guard case .failed = sight.writing?.chmod, sight.writing?.chown == .succeeded else {
                return _ = Issue.record("\(String(describing: sight.writing))")
            }
        }
    }

    @Test("An inspection sees what the server lacks, and leaves nothing behind")
    func inspected() async throws {
        let bed = try TestBed.current()
        let expectations: [(ServerManner, lists: Bool, missing: [String])] = [
            (.lacking(.readdirplus), true, []), (.lacking(.symlink), false, ["symbolic links"]),
            (.lacking(.link), false, ["hard links"]), (.lacking(.mknod), false, ["special files"]),
        ]
        for (manner, lists, missing) in expectations {
            let proxy = try await MannerProxy(to: bed.nfsServer, port: bed.nfsPort, manner)
            try await ShareFixture.run(port: proxy.port) { fixture in
                let sight = await ExportInspection(of: fixture.address, writes: true).run()
                #expect(sight.listsNamesOnly == lists && sight.writing?.missingTypes == missing, "\(manner)")
                #expect(sight.writing?.contents == .succeeded && sight.writing?.removal == .succeeded, "\(manner)")
                let left = try fixture.listing
                #expect(left == [])
            }
        }
    }
}

extension URL {
    fileprivate var isEmptyFolder: Bool {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path()).isEmpty }
    }
}
