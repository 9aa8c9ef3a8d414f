import Foundation
import Testing

@testable import NFS

@Suite struct MeasureTreeTests {
    @Test func addsUpAHostileTreeAsDuDoes() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            try makeHostileTree(space.folder)
            let usage = try await space.export.measureTree(space.directory)
            let (bytes, size, files, directories) = try sum(space.folder)
            #expect(usage.bytes == bytes)
            #expect(usage.size == size)
            #expect(usage.files == files)
            #expect(usage.directories == directories)
            #expect(usage.skipped == 0)
        }
    }

    @Test(arguments: [nil, 1])
    func countsEachFileOnce(_ callsAtOnce: Int?) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            try await makeWideTree(space.folder)
            let usage = try await space.export.measureTree(space.directory, callsAtOnce: callsAtOnce)
            #expect(usage.files == 2000)
            #expect(usage.directories == 49)
            let sizes = (0..<40).map { directory in (0..<5).map { UInt64(directory * 1500 + $0) }.reduce(0, +) }
            #expect(usage.size == sizes.reduce(0, +))
        }
    }

    @Test func saysWhichDirectoryItMayNotRead() async throws {
        let server = try await NFSServer.shared.value
        let folder = server.path("squash").appending(path: "measure-\(UUID().uuidString)")
        let locked = folder.appending(path: "open/locked")
        try FileManager.default.createDirectory(at: locked, withIntermediateDirectories: true)
        chmod(locked.path(), 0o700)
        let export = server.export("squash")
        let top = try await export.lookup(NFSName(folder.lastPathComponent), in: export.root().handle)
        let error = await expectFailure(.permissionDenied) { try await export.measureTree(top.handle) }
        #expect(error?.subject == "open/locked")
        await export.close()
    }

    @Test("S10: a measurement does not go into another file system")
    func anotherFileSystemIsNotGoneInto() async throws {
        try await ScriptedServer.with { call in
            call.name == "readdirplus" ? .results(.page(["mountpoint"], type: 2, fsid: 2, isLast: true)) : nil
        } body: { server, export in
            let root = try await export.root()
            let usage = try await export.measureTree(root.handle)
            #expect(usage.skipped == 1 && usage.directories == 1)
            #expect(server.count(of: "readdirplus") == 1)
        }
    }

    @Test func aDirectoryThatVanishesIsFineButNotTheTop() async throws {
        try await ScriptedServer.with { call in
            switch (call.name, call.repetition) {
            case ("readdirplus", 0): .results(.page(["gone"], type: 2, isLast: true))
            case ("readdirplus", _): .status(70)
            case ("getattr", 3...): .status(70)
            default: nil
            }
        } body: { _, export in
            let root = try await export.root()
            #expect(try await export.measureTree(root.handle).directories == 2)
            _ = await expectFailure(.stale) { try await export.measureTree(root.handle) }
        }
    }

    /// What lstat(2) says, each file once.
    private func sum(_ folder: URL) throws -> (bytes: UInt64, size: UInt64, files: Int, directories: Int) {
        var sum = (bytes: UInt64(0), size: UInt64(0), files: 0, directories: 0)
        for path in Set(try TreeOnDisk(folder).entries.values.map(\.firstPath)) {
            var status = stat()
            lstat(TreeOnDisk.terminated(Array(folder.path().utf8) + [0x2F] + path), &status)
            sum.bytes += UInt64(status.st_blocks) * 512
            if status.st_mode & S_IFMT == S_IFDIR { sum.directories += 1 } else { sum.files += 1 }
            if status.st_mode & S_IFMT == S_IFREG { sum.size += UInt64(status.st_size) }
        }
        return sum
    }
}
