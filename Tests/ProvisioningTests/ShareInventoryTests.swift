import Foundation
import Kubernetes
import NFS
import Synchronization
import Testing

@testable import Provisioning

@Suite("A real share read to be compared")
struct ShareInventoryTests {
    @Test("Directories, records, the directories that they name, and leftovers; nothing is changed")
    func read() async throws {
        try await ShareFixture.run { fixture in
            let id = try await ShareCatalogueTests.archive("archived", on: fixture)
            let nested = try fixture.plan("nested", parameters: ["pathPattern": "team/${.PVC.name}"])
            let gone = try fixture.plan("gone")
            let linked = try fixture.plan("linked")
            for plan in [nested, gone, linked] { _ = try await fixture.provision(plan) }
            for plan in [gone, linked] { try FileManager.default.removeItem(at: fixture.url(plan.path.description)) }
            try FileManager.default.createSymbolicLink(
                at: fixture.url(linked.path.description),
                withDestinationURL: fixture.url("team")
            )
            try Data().write(to: fixture.url("a file"))
            try Data().write(to: fixture.url(".sb-nfs-provisioner/volumes/.tmp-1"))
            try Data().write(to: fixture.url(".sb-nfs-provisioner/trash/left"))
            try Data().write(to: fixture.url(".sb-nfs-provisioner/staging/half"))
            fixture.gate.isOpen.withLock { $0 = false }

            let absent = try VolumePath(components: ["nobody", "x"])
            let inventory = try await fixture.share.inventory { _ in [absent] }
            let archive = try #require(try fixture.record(ArchiveRecord.self, id))
            #expect(Set(inventory.directories.map(\.description)) == [archive.to, "team"])
            #expect(inventory.volumes.count == 3 && inventory.archives.count == 1)
            #expect(
                inventory.trash == ["left"] && inventory.staging == ["half"]
                    && inventory.temporaries == ["volumes/.tmp-1"]
            )
            let record = try #require(try fixture.record(VolumeRecord.self, nested.volumeName))
            #expect(inventory.places[nested.path] == record.directory.map { .directory(fileID: $0.fileID) })
            #expect(inventory.places[gone.path] == .absent && inventory.places[absent] == .absent)
            guard case .obstructed(let reason) = inventory.places[linked.path] else {
                Issue.record("\(inventory.places)")
                return
            }
            #expect(reason.contains("is a symbolic link"))

            let verification = ShareVerification(of: inventory, cluster: nil, now: .now)
            let problems = verification.findings.filter { $0.level == .problem }.map { "\($0.kind) \($0.subject)" }
            #expect(problems == ["missingVolume \(gone.volumeName)", "replacedVolume \(linked.volumeName)"])
        }
    }

    @Test("Of a directory that nothing refers to: whether it is an export, holds copies, or has no file")
    func unexplained() async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.volumeWithData("db")
            let folders = [
                "export/.sb-nfs-provisioner", "copies", "folders/a/b", "folders/c", "files/a", "#recycle/x", ".Trash-0",
                "image", "named/.sb-nfs-provisioner",
            ]
            for folder in folders {
                try FileManager.default.createDirectory(at: fixture.url(folder), withIntermediateDirectories: true)
            }
            for file in ["files/a/file", "copies/x.tar.zst", "copies/x.tar.zst.json", "image/x.tar.json"] {
                try Data().write(to: fixture.url(file))
            }
            try FileManager.default.copyItem(
                at: fixture.url(".sb-nfs-provisioner/export.json"),
                to: fixture.url("export/.sb-nfs-provisioner/export.json")
            )
            let inventory = try await fixture.share.inventory { _ in [] }
            let expected: [NFSName: ShareInventory.Contents] = [
                "export": .export, "copies": .copies, "folders": .noFiles, "files": .files,
                "image": .files, "named": .noFiles,
            ]
            #expect(inventory.unexplained == expected)
        }
    }
}
