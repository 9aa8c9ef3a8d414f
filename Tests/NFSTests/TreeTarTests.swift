import Foundation
import Synchronization
import Testing

@testable import NFS

@Suite struct TreeTarTests {
    /// GNU tar restores what was archived, but for sockets.
    @Test(arguments: [1, 8])
    func theSystemsTarUnpacksAHostileTreeExactly(_ readsAtOnce: Int) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            let expected = try makeTreeToArchive(tree)
            let report = try await unpack("source", of: space, readsAtOnce: readsAtOnce)
            let differences = try TreeOnDisk(space.folder.appending(path: "unpacked")).differences(from: expected)
            #expect(differences == [])
            #expect(report.sockets == 4 && report.vanished == 0)
            #expect(report.changed == 0)
            #expect(report.directories == 5)
            #expect(report.directories + report.files == expected.entries.count)
        }
    }

    @Test func archivesTwoThousandFiles() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            try await makeWideTree(tree)
            let report = try await unpack("source", of: space)
            let unpacked = try TreeOnDisk(space.folder.appending(path: "unpacked"))
            #expect(unpacked.differences(from: try TreeOnDisk(tree)) == [])
            #expect(report.files == 2000 && report.directories == 49)
        }
    }

    @Test func archivesATwoHundredDeepTree() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            var deepest = tree
            for _ in 0..<200 { deepest.append(path: "d") }
            try FileManager.default.createDirectory(at: deepest, withIntermediateDirectories: true)
            write(pattern(9), to: deepest.appending(path: "file").path())
            _ = try await unpack("source", of: space)
            let unpacked = try TreeOnDisk(space.folder.appending(path: "unpacked"))
            #expect(unpacked.differences(from: try TreeOnDisk(tree)) == [])
        }
    }

    /// The archive has as much of it as its header says.
    @Test func aFileThatGrowsIsCut() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: false)
            let file = tree.appending(path: "file").path()
            write(pattern(2_000_000), to: file)
            let archive = space.path("archive.tar")
            let report = Mutex(TarredTree())
            let directory = try await space.export.lookup("source", in: space.directory).handle
            let tar = TreeTar(of: directory, on: space.export, readsAtOnce: 2) { last in report.withLock { $0 = last } }
            var bytes: [UInt8] = []
            var pieces = 0
            for try await piece in tar {
                bytes += piece
                pieces += 1
                if pieces == 2 { truncate(file, 3_000_000) }
            }
            try Data(bytes).write(to: URL(filePath: archive))
            try await extract(archive, to: space.path("unpacked"))
            let unpacked = try Data(contentsOf: URL(filePath: space.path("unpacked/file")))
            #expect(Array(unpacked) == pattern(2_000_000))
            #expect(report.withLock(\.changed) == 1)
        }
    }

    @Test func saysWhichDirectoryItMayNotRead() async throws {
        let server = try await NFSServer.shared.value
        let folder = server.path("squash").appending(path: "tar-\(UUID().uuidString)")
        let locked = folder.appending(path: "open/locked")
        try FileManager.default.createDirectory(at: locked, withIntermediateDirectories: true)
        chmod(locked.path(), 0o700)
        let export = server.export("squash")
        let top = try await export.lookup(NFSName(folder.lastPathComponent), in: export.root().handle)
        let error = await expectFailure(.permissionDenied) {
            for try await _ in TreeTar(of: top.handle, on: export) {}
        }
        #expect(error?.subject == "./open/locked/")
        await export.close()
    }

    /// Streams a directory into a file, and has the system's tar unpack it into `unpacked`.
    private func unpack(_ name: NFSName, of space: Workspace, readsAtOnce: Int = 8) async throws -> TarredTree {
        let directory = try await space.export.lookup(name, in: space.directory).handle
        let archive = space.path("archive.tar")
        write([], to: archive)
        let output = try Foundation.FileHandle(forWritingTo: URL(filePath: archive))
        let report = Mutex(TarredTree())
        let tar = TreeTar(of: directory, on: space.export, readsAtOnce: readsAtOnce) { last in
            report.withLock { $0 = last }
        }
        for try await piece in tar { try output.write(contentsOf: piece) }
        try output.close()
        try await extract(archive, to: space.path("unpacked"))
        return report.withLock { $0 }
    }

    private func extract(_ archive: String, to folder: String) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let options = ["--numeric-owner", "--same-owner", "--warning=no-unknown-keyword"]
        let tar = try ChildProcess(["/usr/bin/env", "tar", "-xpf", archive, "-C", folder] + options)
        #expect(await tar.exitStatus() == 0)
    }
}
