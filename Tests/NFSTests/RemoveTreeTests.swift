import Foundation
import Synchronization
import Testing

@testable import NFS

@Suite struct RemoveTreeTests {
    @Test func removesAHostileTreeAndNothingElse() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let outside = space.folder.appending(path: "outside")
            try makeFolder(outside)
            try Data("precious".utf8).write(to: outside.appending(path: "kept"))
            let tree = space.folder.appending(path: "tree")
            try makeFolder(tree)
            symlink("../outside", tree.appending(path: "link-to-directory").path())
            symlink("../outside/kept", tree.appending(path: "link-to-file").path())
            symlink("/", tree.appending(path: "link-to-root").path())
            link(outside.appending(path: "kept").path(), tree.appending(path: "hard-link").path())
            mkfifo(tree.appending(path: "fifo").path(), 0o600)
            mknod(tree.appending(path: "socket").path(), S_IFSOCK | 0o600, 0)
            create([0xC3, 0x28, 0x0A, 0xFF], in: tree)
            create([UInt8](repeating: 0x78, count: 255), in: tree)
            let locked = tree.appending(path: "locked")
            try makeFolder(locked)
            create(Array("file".utf8), in: locked)
            chown(locked.path(), 4711, 4711)
            chmod(locked.path(), 0)

            let removed = try await space.export.removeTree("tree", in: space.directory)
            #expect(removed == RemovedTree(directories: 2, files: 9))
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()) == ["outside"])
            #expect(try String(contentsOf: outside.appending(path: "kept"), encoding: .utf8) == "precious")
        }
    }

    @Test func removesATwoHundredDeepTree() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            var deepest = space.folder
            for _ in 0..<200 { deepest.append(path: "d") }
            try FileManager.default.createDirectory(at: deepest, withIntermediateDirectories: true)
            create(Array("file".utf8), in: deepest)
            let removed = try await space.export.removeTree("d", in: space.directory)
            #expect(removed == RemovedTree(directories: 200, files: 1))
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()).isEmpty)
        }
    }

    @Test func removesTenThousandFilesInManyDirectories() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "tree")
            for directory in 0..<10 {
                try await create((0..<1000).map { "file-\($0)" }, in: tree.appending(path: "\(directory)"))
            }
            let removed = try await space.export.removeTree("tree", in: space.directory)
            #expect(removed == RemovedTree(directories: 11, files: 10_000))
        }
    }

    @Test(arguments: [1, 3, 10])
    func keepsToItsCallsAtOnceAndSaysHowFarItIs(_ callsAtOnce: Int) async throws {
        let server = try await NFSServer.shared.value
        var options = server.options()
        // Those of two connections cannot be counted at one moment.
        options.connections = 1
        try await server.withDirectory(options: options) { space in
            let tree = space.folder.appending(path: "tree")
            for directory in 0..<5 {
                try await create((0..<200).map { "file-\($0)" }, in: tree.appending(path: "\(directory)"))
            }
            let export = space.export
            let mostCalls = Mutex(0)
            let watch = Task {
                while !Task.isCancelled {
                    mostCalls.withLock { $0 = max($0, export.callsUnderWay) }
                    await Task.yield()
                }
            }
            let reports = Mutex<[RemovedTree]>([])
            let removed = try await export.removeTree(
                "tree",
                in: space.directory,
                callsAtOnce: callsAtOnce,
                onProgress: { progress in reports.withLock { $0.append(progress) } }
            )
            watch.cancel()
            #expect(removed == RemovedTree(directories: 6, files: 1000))
            #expect((1...callsAtOnce).contains(mostCalls.withLock { $0 }))
            #expect(reports.withLock { reports in reports.map(\.files) == reports.map(\.files).sorted() })
        }
    }

    @Test func aLinkIsRemovedItself() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            try makeFolder(space.folder.appending(path: "target"))
            create(Array("file".utf8), in: space.folder.appending(path: "target"))
            symlink("target", space.path("link"))
            #expect(try await space.export.removeTree("link", in: space.directory) == RemovedTree(files: 1))
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.path("target")) == ["file"])
        }
    }

    @Test func whatIsGoneIsFine() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let removed = try await space.export.removeTree("nothing", in: space.directory)
            #expect(removed == RemovedTree())
        }
    }

    /// Two controllers, or a crash and a second run: both come to an end, and the tree with them.
    @Test func twoAtOnceDoNotHinderEachOther() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            for directory in 0..<20 {
                try await create((0..<50).map { "\($0)" }, in: space.folder.appending(path: "tree/\(directory)/deep"))
            }
            // Page after page of it, both try to remove the same.
            try await create((0..<3000).map { "\($0)" }, in: space.folder.appending(path: "tree/flat"))
            async let first = space.export.removeTree("tree", in: space.directory)
            async let second = space.export.removeTree("tree", in: space.directory)
            let removed = try await [first, second]
            #expect(removed.map(\.files).reduce(0, +) == 4000)
            #expect(removed.map(\.directories).reduce(0, +) == 42)
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()).isEmpty)
        }
    }

    @Test func saysWhereItFailed() async throws {
        let server = try await NFSServer.shared.value
        let tree = server.path("ro").appending(path: "tree/a/b")
        try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
        create(Array("file".utf8), in: tree)
        let export = server.export("ro")
        let root = try await export.root()
        let error = await expectFailure(.readOnly) {
            try await export.removeTree("tree", in: root.handle)
        }
        #expect(error?.subject == "tree/a/b/file")
        await export.close()
    }

    private func makeFolder(_ url: URL) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    }
}
