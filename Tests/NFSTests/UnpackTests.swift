import Foundation
import Glibc
import Synchronization
import Tar
import Testing

@testable import NFS

@Suite("Unpacking a tar archive on a real export") struct UnpackTests {
    /// The bytes in pieces.
    private func stream(_ bytes: [UInt8], pieces size: Int = 100_000) -> any AsyncSequence<[UInt8], any Error>
        & Sendable
    {
        let rest = Mutex(bytes[...])
        return AsyncThrowingStream {
            rest.withLock { rest in
                let piece = Array(rest.prefix(size))
                rest = rest.dropFirst(size)
                return piece.isEmpty ? nil : piece
            }
        }
    }

    @discardableResult
    private func unpack(
        _ tar: any AsyncSequence<[UInt8], any Error> & Sendable,
        in space: Workspace,
        as name: NFSName = "unpacked",
        callsAtOnce: Int? = nil
    ) async throws -> UnpackedTree {
        let directory = try await space.export.makeDirectory(name, in: space.directory, mode: 0o700)
        return try await space.export.unpack(tar, into: directory.handle, callsAtOnce: callsAtOnce)
    }

    private func tar(of name: NFSName, _ space: Workspace) async throws -> any AsyncSequence<[UInt8], any Error>
        & Sendable
    {
        let directory = try await space.export.lookup(name, in: space.directory).handle
        return TreeTar(of: directory, on: space.export).map { piece throws in piece }
    }

    private func shell(_ script: String, in space: Workspace) async throws {
        let process = try ChildProcess(["/bin/sh", "-euc", "cd \"$0\"; \(script)", space.folder.path()])
        #expect(await process.exitStatus() == 0)
    }

    @Test("Archived files are restored exactly, except sockets", arguments: [1, 32])
    func hostileTree(_ callsAtOnce: Int) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            let expected = try makeTreeToArchive(tree)
            let report = try await unpack(try await tar(of: "source", space), in: space, callsAtOnce: callsAtOnce)
            let unpacked = try TreeOnDisk(space.folder.appending(path: "unpacked"))
            #expect(unpacked.differences(from: expected) == [])
            #expect(report.directories == 5)
            #expect(report.directories + report.files == expected.entries.count)
        }
    }

    @Test("Two thousand files, and a tree two hundred directories deep")
    func wideAndDeep() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            try await makeWideTree(tree)
            var deepest = tree
            for _ in 0..<200 { deepest.append(path: "d") }
            try FileManager.default.createDirectory(at: deepest, withIntermediateDirectories: true)
            write(pattern(9), to: deepest.appending(path: "file").path())
            let report = try await unpack(try await tar(of: "source", space), in: space)
            let unpacked = try TreeOnDisk(space.folder.appending(path: "unpacked"))
            #expect(unpacked.differences(from: try TreeOnDisk(tree)) == [])
            #expect(report.files == 2001 && report.directories == 249)
        }
    }

    @Test("An archive of GNU tar unpacks as GNU tar unpacks it", arguments: ["gnu", "pax", "ustar"])
    func gnuTar(_ format: String) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let tree = space.folder.appending(path: "source")
            try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: false)
            if format == "ustar" {
                // It has no room for the other's long names.
                try await shell(
                    """
                    d=source/$(printf '%090d' 1); mkdir -p $d/$(printf '%030d' 2); echo a >$d/$(printf '%030d' 2)/file
                    ln -s ../x $d/link; ln $d/link $d/hard; mkfifo -m 600 $d/fifo; mknod $d/null c 1 3; chmod 2750 $d
                    head -c 200000 /dev/urandom >$d/blob
                    """,
                    in: space
                )
            } else {
                try makeHostileTree(tree)
                write(pattern(9), to: tree.appending(path: "owned-by-a-large-number").path(), owner: 3_000_000)
            }
            try await shell(
                """
                tar --format=\(format) --numeric-owner --warning=no-file-ignored -cf archive.tar -C source .
                mkdir expected; tar --same-owner --numeric-owner -xpf archive.tar -C expected
                """,
                in: space
            )
            let archive = try [UInt8](Data(contentsOf: space.folder.appending(path: "archive.tar")))
            try await unpack(stream(archive), in: space)
            let expected = try TreeOnDisk(space.folder.appending(path: "expected"))
            let unpacked = try TreeOnDisk(space.folder.appending(path: "unpacked"))
            #expect(unpacked.differences(from: expected) == [])
        }
    }

    @Test("A later entry replaces an earlier one, also in a directory already completed")
    func appended() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let parts = [
                TarSample.directory("a/"), TarSample.file("a/file", pattern(100_000)),
                TarSample.link("a/link", to: "x"),
                TarSample.directory("b/"), TarSample.file("a/file", Array("new".utf8)), TarSample.file("a/link"),
                TarSample.directory("a"), TarSample.link("hard", to: "a/file", .hardLink), TarSample.end,
            ]
            try await unpack(stream(Array(parts.joined()), pieces: 1000), in: space)
            let tree = try TreeOnDisk(space.folder.appending(path: "unpacked"))
            #expect(tree.entries[Array("./a/file".utf8)]?.content == Array("new".utf8))
            #expect(tree.entries[Array("./hard".utf8)]?.firstPath == Array("./a/file".utf8))
            #expect(tree.entries[Array("./a/link".utf8)]?.content == Array("text".utf8))
            for directory in ["./a", "./b"] {
                let entry = try #require(tree.entries[Array(directory.utf8)])
                #expect(entry.mode & 0o7777 == 0o755 && entry.seconds == 1_234_567_890)
            }
        }
    }

    private static let out = TarSample.link("a", to: "../outside")
    private static let refusals: [(parts: [[UInt8]], words: String)] = [
        ([TarSample.file("../outside/file")], "“..” is not a file name"),
        ([TarSample.file("/tmp/file")], "is absolute"),
        ([out, TarSample.file("a/file")], "leads through the symbolic link a"),
        ([out, TarSample.directory("a/")], "has it as a symbolic link too"),
        ([out, TarSample.directory("a/b/")], "leads through the symbolic link a"),
        ([TarSample.link("a", to: "../outside/secret", .hardLink)], "“..” is not a file name"),
        ([out, TarSample.link("b", to: "a/secret", .hardLink)], "leads through the symbolic link a"),
        ([TarSample.directory("a/"), TarSample.link("b", to: "a", .hardLink)], "link b"),
        ([TarSample.directory("a/"), TarSample.file("a")], "has it as a directory too"),
        ([TarSample.file("a"), TarSample.directory("a/")], "has it as a file too"),
        ([TarSample.file("a/file")], "has no directory a before it"),
        ([TarSample.file("./")], "only a directory can be the top"),
        ([TarSample.link("a", to: "")], "its target is 0 bytes long"),
        ([TarSample.link("a", to: String(repeating: "t", count: 4000))], "its target is 4000 bytes long"),
    ]

    @Test("No entry is made outside of the directory, or through a link", arguments: refusals.indices)
    func refused(_ index: Int) async throws {
        let (archive, words) = (Array(Self.refusals[index].parts.joined()), Self.refusals[index].words)
        try await NFSServer.shared.value.withDirectory { space in
            let outside = space.folder.appending(path: "outside")
            try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: false)
            write(pattern(10), to: outside.appending(path: "secret").path())
            let before = try TreeOnDisk(outside)
            let error = await #expect(throws: (any Error).self) {
                try await unpack(stream(archive + TarSample.end), in: space)
            }
            #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(error.map { "\($0)" } ?? "no error")")
            #expect(try TreeOnDisk(outside).differences(from: before) == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()).count == 2)
        }
    }

    @Test("A truncated or damaged archive is an error, not a tree")
    func cutOff() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            for count in stride(from: 0, to: TarSample.archive.count, by: 700) {
                await #expect(throws: TarError.self) {
                    try await unpack(stream(Array(TarSample.archive.prefix(count))), in: space, as: NFSName("\(count)"))
                }
            }
        }
    }
}
