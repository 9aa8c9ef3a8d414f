import Foundation
import TestBed
import Testing

@testable import NFS

@Suite("What RFC 1813 leaves to a server")
struct ServerMannersTests {
    /// Runs a test on a real server in the manner of another.
    private static func with(_ manner: ServerManner, _ body: (Workspace) async throws -> Void) async throws {
        let server = try await NFSServer.shared.value
        let proxy = try await MannerProxy(to: "127.0.0.1", port: Int(server.port), manner)
        var options = server.options()
        options.port = UInt16(proxy.port)
        try await server.withDirectory(options: options, body)
    }

    @Test("The proxy plays the manner that it is given", arguments: ServerManner.all)
    func played(manner: ServerManner) async throws {
        try await Self.with(manner) { space in
            let export = space.export
            try await create((0..<40).map { "file-\($0)" }, in: space.folder)
            write(pattern(2000), to: space.path("file-1"))
            let found = try await export.perform(.lookUp("file-1", in: space.directory))
            let made = try await export.perform(.makeDirectory("made", in: space.directory, AttributeChanges()))
            let attributes = try await export.attributes(of: space.directory)
            let page = try await export.readDirectory(space.directory)
            let chunk = try await export.read(#require(found.handle), at: 0, count: 2000)
            var seen: Set<String> = []
            if export.listsNamesOnly { seen.insert("no READDIRPLUS") }
            if found.attributes == nil, made.attributes == nil { seen.insert("no attributes in replies") }
            if made.handle == nil { seen.insert("no handles in replies") }
            if chunk.bytes.count == 512 { seen.insert("READ and WRITE of 512 bytes") }
            if page.entries.count < 20 { seen.insert("pages of 1 KiB") }
            if attributes.fsid == 0 { seen.insert("file system id 0") }
            if attributes.ctime.nanoseconds == 0, attributes.ctime.seconds.isMultiple(of: 2) {
                seen.insert("times to two seconds")
            }
            switch manner.description {
            case "no READDIRPLUS, attributes or handles":
                #expect(seen == ["no READDIRPLUS", "no attributes in replies", "no handles in replies"])
            case "cookies that are large, sparse and unordered":
                let pages = try await export.perform(.listNames(of: space.directory, from: .start))
                #expect(seen == [] && pages.entries.count == 41)
            default: #expect(seen == [manner.description])
            }
        }
    }

    @Test("A tree is copied, archived, measured and removed as on any other server", arguments: ServerManner.all)
    func trees(manner: ServerManner) async throws {
        try await Self.with(manner) { space in
            let export = space.export
            _ = try makeTreeToArchive(space.folder.appending(path: "source"))
            try await create((0..<300).map { "file-\($0)" }, in: space.folder.appending(path: "source/many"))
            let source = try await export.lookup("source", in: space.directory).handle
            let copy = try await export.makeDirectory("copy", in: space.directory, mode: 0o700).handle
            _ = try await export.copyTree(from: source, into: copy)
            var original = try TreeOnDisk(space.folder.appending(path: "source"))
            if let step = manner.timeStep { original.roundTimes(to: Int(step)) }
            #expect(try TreeOnDisk(space.folder.appending(path: "copy")).differences(from: original) == [])

            let unpacked = try await export.makeDirectory("unpacked", in: space.directory, mode: 0o700).handle
            var tar: [[UInt8]] = []
            for try await piece in TreeTar(of: source, on: export) { tar.append(piece) }
            let pieces = AsyncThrowingStream<[UInt8], any Error> { [tar] pieces in
                for piece in tar { pieces.yield(piece) }
                pieces.finish()
            }
            _ = try await export.unpack(pieces, into: unpacked)
            var expected = original
            expected.removeSockets()
            #expect(try TreeOnDisk(space.folder.appending(path: "unpacked")).differences(from: expected) == [])

            let usage = try await export.measureTree(source)
            let plain = try await NFSServer.shared.value.export().measureTree(source)
            #expect(usage == plain)

            for name: NFSName in ["source", "copy", "unpacked"] {
                _ = try await export.removeTree(name, in: space.directory)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()) == [])
        }
    }

    @Test("A file is written and read as on any other server", arguments: ServerManner.all)
    func files(manner: ServerManner) async throws {
        try await Self.with(manner) { space in
            for bytes in [pattern(150_000), [], pattern(3)] {
                try await space.export.writeFileAtomically("file", in: space.directory, bytes: bytes)
                #expect(try await space.export.readFile("file", in: space.directory, limit: 1 << 20) == bytes)
                #expect(FileManager.default.contents(atPath: space.path("file")) == Data(bytes))
            }
        }
    }

    @Test(
        "A copy that needs a procedure that the server lacks fails, and says which",
        arguments: [NFSProcedure.symlink, .mknod, .link]
    )
    func lacking(procedure: NFSProcedure) async throws {
        try await Self.with(.lacking(procedure)) { space in
            try FileManager.default.createDirectory(
                at: space.folder.appending(path: "source"),
                withIntermediateDirectories: false
            )
            try makeHostileTree(space.folder.appending(path: "source"))
            let source = try await space.export.lookup("source", in: space.directory).handle
            let copy = try await space.export.makeDirectory("copy", in: space.directory, mode: 0o700).handle
            let error = await expectFailure(.unsupported) { try await space.export.copyTree(from: source, into: copy) }
            #expect(error?.operation == "\(procedure)")
        }
    }

    @Test("A listing in whose middle the server stops supporting READDIRPLUS has to begin again")
    func midway() async throws {
        try await ScriptedServer.with { call in
            switch (call.name, call.repetition) {
            case ("readdirplus", 0): .results(.page(["first"], isLast: false))
            case ("readdirplus", _): .status(10004)
            default: nil
            }
        } body: { _, export in
            let root = try await export.root().handle
            let first = try await export.readDirectory(root)
            _ = await expectFailure(.badCookie) { try await export.readDirectory(root, from: try #require(first.next)) }
            #expect(export.listsNamesOnly)
        }
    }
}
