import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("A volume's directory measured")
struct ShareMeasureTests {
    static func subject(_ volume: ShareFixture.Volume, fileID: UInt64? = nil) -> UsageSubject {
        UsageSubject(
            tree: MeasurableTree(kind: .volume, name: volume.plan.volumeName, path: volume.plan.path),
            fileID: fileID ?? volume.directory.fileID
        )
    }

    @Test("It is what du says; links are not followed, and a file with two names counts once")
    func size() async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("data")
            let folder = fixture.url(volume.plan.path.description)
            try FileManager.default.createDirectory(
                at: folder.appending(path: "a/b"),
                withIntermediateDirectories: true
            )
            try Data(count: 300_000).write(to: folder.appending(path: "a/zeros"))
            link(folder.appending(path: "a/zeros").path(), folder.appending(path: "a/b/again").path())
            symlink("/", folder.appending(path: "root").path())
            mkfifo(folder.appending(path: "fifo").path(), 0o600)
            let sample = try #require(try await fixture.share.measure(Self.subject(volume)))
            #expect(sample.files == 4 && sample.directories == 3 && sample.lengthBytes == 300_004)
            var blocks: [UInt64: UInt64] = [:]
            for path in ["", "a", "a/b", "a/zeros", "file", "root", "fifo"] {
                var status = stat()
                lstat(folder.appending(path: path).path(), &status)
                blocks[UInt64(status.st_ino)] = UInt64(status.st_blocks) * 512
            }
            #expect(sample.usedBytes == blocks.values.reduce(0, +))
        }
    }

    @Test("Another directory in its place is not measured, nor is one that is not there; a link is not followed")
    func identity() async throws {
        try await ShareFixture.run { fixture in
            let volume = try await fixture.volumeWithData("data")
            let other = Self.subject(volume, fileID: volume.directory.fileID + 1)
            let error = await #expect(throws: ShareError.self) { try await fixture.share.measure(other) }
            #expect(error?.description.contains("is not the directory of the volume") == true)
            try await fixture.rename(volume.plan.path.description, to: "moved")
            #expect(try await fixture.share.measure(Self.subject(volume)) == nil)
        }
    }
}
