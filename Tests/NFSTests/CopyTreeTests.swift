import Foundation
import Synchronization
import TestBed
import Testing

@testable import NFS

@Suite struct CopyTreeTests {
    @Test func copiesAHostileTreeExactly() async throws {
        try await Copy.with { copy in
            try makeHostileTree(copy.source)
            let before = try TreeOnDisk(copy.source)
            let copied = try await copy.run()
            #expect(copied.directories == 4 && copied.kept == 0)
            try copy.expectToBeExact()
            #expect(try TreeOnDisk(copy.source).differences(from: before) == [])
            let again = try await copy.run()
            #expect(again.files == 0)
            #expect(again.bytes == 0)
            #expect(again.kept == copied.files)
            try copy.expectToBeExact()
        }
    }

    @Test func copiesTwoThousandFiles() async throws {
        try await Copy.with { copy in
            try await makeWideTree(copy.source)
            let reports = Mutex<[CopiedTree]>([])
            let copied = try await copy.run { progress in reports.withLock { $0.append(progress) } }
            #expect(copied.files == 2000 && copied.directories == 49)
            try copy.expectToBeExact()
            #expect(reports.withLock { $0.map(\.files) == $0.map(\.files).sorted() })
        }
    }

    @Test func copiesATwoHundredDeepTree() async throws {
        try await Copy.with { copy in
            var deepest = copy.source
            for _ in 0..<200 { deepest.append(path: "d") }
            try FileManager.default.createDirectory(at: deepest, withIntermediateDirectories: true)
            create(Array("file".utf8), in: deepest)
            let copied = try await copy.run()
            #expect(copied.directories == 201 && copied.files == 1)
            try copy.expectToBeExact()
        }
    }

    /// With a fence that falls after so many changes, as a crash would end it.
    @Test(arguments: [1, 7, 40, 200, 400])
    func goesOnWhereItWasInterrupted(_ changes: Int) async throws {
        try await Copy.with { copy in
            try makeHostileTree(copy.source)
            try await create((0..<150).map { "file-\($0)" }, in: copy.source.appending(path: "many"))
            write(pattern(2_000_000), to: copy.source.appending(path: "many/large").path())
            let left = Mutex(changes)
            try await copy.interrupted(mayWrite: {
                left.withLock {
                    $0 -= 1
                    return $0 >= 0
                }
            })
            let copied = try await copy.run(callsAtOnce: 16)
            try copy.expectToBeExact()
            if changes >= 200 { #expect(copied.kept > 0) }
        }
    }

    @Test(arguments: [1, 5, 25])
    func goesOnAfterACancellation(_ files: Int) async throws {
        try await Copy.with { copy in
            try await makeWideTree(copy.source)
            let task = Task { try await copy.run(callsAtOnce: 8) }
            let last = copy.destination.appending(path: "0").path()
            try await eventually {
                (try? FileManager.default.subpathsOfDirectory(atPath: last).count) ?? 0 >= files
            }
            task.cancel()
            _ = await expectFailure(.cancelled) { try await task.value }
            _ = try await copy.run()
            try copy.expectToBeExact()
        }
    }

    /// Of another type, linked wrongly, half written, not in the source: whatever is in the destination.
    @Test func mendsADestination() async throws {
        try await Copy.with { copy in
            try makeHostileTree(copy.source)
            let (source, other) = (copy.source.path(), copy.destination.path())
            write(pattern(5), to: "\(source)/single")
            write(pattern(5), to: "\(source)/twin")
            try FileManager.default.createDirectory(atPath: "\(other)/text/full", withIntermediateDirectories: true)
            write(pattern(9), to: "\(other)/text/full/file")
            write(pattern(9), to: "\(other)/a")
            write(pattern(500_000), to: "\(other)/secret")
            symlink("elsewhere", "\(other)/out")
            symlink("/etc/passwd", "\(other)/set-uid")
            mkfifo("\(other)/null", 0o600)
            mknod("\(other)/disk", S_IFBLK | 0o600, deviceNumber(8, 1))
            write(pattern(5), to: "\(other)/single")
            link("\(other)/single", "\(other)/twin")
            link("\(other)/single", "\(other)/linked-too")
            try FileManager.default.createDirectory(atPath: "\(other)/surplus/deep", withIntermediateDirectories: true)
            symlink("../../..", "\(other)/surplus/deep/out")
            write(pattern(5), to: "\(other)/surplus-file")
            _ = try await copy.run()
            try copy.expectToBeExact()
        }
    }

    /// Two files of two names each, which an earlier copy took for one file of four.
    @Test func separatesFilesThatWereOne() async throws {
        try await Copy.with { copy in
            for (folder, last) in [(copy.source, "b"), (copy.destination, "a")] {
                write(pattern(5), to: folder.appending(path: "a1").path())
                link(folder.appending(path: "a1").path(), folder.appending(path: "a2").path())
                write(pattern(5), to: folder.appending(path: "b1").path())
                if last == "a" {
                    unlink(folder.appending(path: "b1").path())
                    link(folder.appending(path: "a1").path(), folder.appending(path: "b1").path())
                }
                link(folder.appending(path: "\(last)1").path(), folder.appending(path: "b2").path())
            }
            _ = try await copy.run()
            try copy.expectToBeExact()
        }
    }

    @Test func doesNotCopyADirectoryIntoItself() async throws {
        try await Copy.with { copy in
            _ = await expectFailure(.unsupported) {
                try await copy.space.export.copyTree(from: copy.from, into: copy.from)
            }
            let error = await expectFailure(.unsupported) {
                try await copy.space.export.copyTree(from: copy.space.directory, into: copy.into)
            }
            #expect(error?.subject == "destination")
        }
    }

    @Test func underRootSquashItSaysWhatItMayNot() async throws {
        let server = try await NFSServer.shared.value
        let folder = server.path("squash").appending(path: "copy-\(UUID().uuidString)")
        for name in ["source/in", "destination"] {
            try FileManager.default.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        chmod(folder.appending(path: "destination").path(), 0o777)
        write(pattern(5), to: folder.appending(path: "source/in/secret").path(), mode: 0)
        let export = server.export("squash")
        let top = try await export.lookup(NFSName(folder.lastPathComponent), in: export.root().handle).handle
        let source = try await export.lookup("source", in: top).handle
        let destination = try await export.lookup("destination", in: top).handle
        let error = await expectFailure(.permissionDenied) {
            try await export.copyTree(from: source, into: destination)
        }
        #expect(error?.description.contains("root_squash") == true)
        await export.close()
    }
}

/// A source and a destination on the shared server.
private struct Copy: Sendable {
    let space: Workspace
    let from: NFS.FileHandle
    let into: NFS.FileHandle

    var source: URL { space.folder.appending(path: "source") }
    var destination: URL { space.folder.appending(path: "destination") }

    static func with(_ body: (Copy) async throws -> Void) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let from = try await space.export.makeDirectory("source", in: space.directory, mode: 0o755)
            let into = try await space.export.makeDirectory("destination", in: space.directory, mode: 0o700)
            try await body(Copy(space: space, from: from.handle, into: into.handle))
        }
    }

    func run(
        callsAtOnce: Int? = nil,
        onProgress: @escaping @Sendable (CopiedTree) -> Void = { _ in }
    ) async throws -> CopiedTree {
        try await space.export.copyTree(from: from, into: into, callsAtOnce: callsAtOnce, onProgress: onProgress)
    }

    func expectToBeExact(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let differences = try TreeOnDisk(destination).differences(from: TreeOnDisk(source))
        #expect(differences == [], sourceLocation: sourceLocation)
    }

    /// Runs with another client, which must not get to the end.
    func interrupted(mayWrite: @escaping @Sendable () -> Bool) async throws {
        let export = try await NFSServer.shared.value.export(mayWrite: mayWrite)
        let error = await #expect(throws: NFSError.self) {
            try await export.copyTree(from: from, into: into, callsAtOnce: 16)
        }
        #expect(error?.code == .fenced || error?.code == .disconnected)
        await export.close()
    }
}
