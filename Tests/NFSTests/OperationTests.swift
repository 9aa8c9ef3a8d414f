import Foundation
import Testing

@testable import NFS

@Suite struct OperationTests {
    @Test func looksUpAndTellsTypes() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            try Data("x".utf8).write(to: space.folder.appending(path: "file"))
            mkdir(space.path("directory"), 0o700)
            mkfifo(space.path("fifo"), 0o600)
            symlink("/etc", space.path("link"))
            let types: [(NFSName, FileType)] = [
                ("file", .regular), ("directory", .directory), ("fifo", .fifo), ("link", .symbolicLink),
            ]
            for (name, type) in types {
                #expect(try await space.export.lookup(name, in: space.directory).attributes.type == type)
            }
            await expectNoEntry("missing", in: space)
        }
    }

    @Test func neverFollowsALink() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            mkdir(space.path("victim"), 0o700)
            symlink("victim", space.path("link"))
            let link = try await space.export.lookup("link", in: space.directory)
            _ = await expectFailure(.notDirectory) {
                try await space.export.makeDirectory("a", in: link.handle, mode: 0o700)
            }
            _ = await expectFailure(.notDirectory) {
                try await space.export.readDirectory(link.handle)
            }
            try await space.export.remove("link", in: space.directory)
            #expect(try await space.export.lookup("victim", in: space.directory).attributes.type == .directory)
        }
    }

    @Test func makesADirectoryOnce() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let made = try await space.export.makeDirectory("a", in: space.directory, mode: 0o750)
            #expect(made.attributes.mode == 0o750)
            #expect(made.attributes.uid == 0 && made.attributes.gid == 0)
            let found = try await space.export.lookup("a", in: space.directory)
            #expect(found.handle == made.handle)
            #expect(found.attributes.fileid == made.attributes.fileid)
            let error = await expectFailure(.alreadyExists) {
                try await space.export.makeDirectory("a", in: space.directory, mode: 0o750)
            }
            #expect(error?.description == "mkdir a on \(space.export.address): the name is taken")
        }
    }

    @Test func setsModeAndOwnerExactly() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let made = try await space.export.makeDirectory("a", in: space.directory, mode: 0o700)
            try await space.export.setAttributes(of: made.handle, mode: 0o2777, uid: 1000, gid: 2000)
            let attributes = try await space.export.attributes(of: made.handle)
            #expect(attributes.mode == 0o2777)
            #expect(attributes.uid == 1000)
            #expect(attributes.gid == 2000)
        }
    }

    @Test func removesOnlyAnEmptyDirectory() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let made = try await space.export.makeDirectory("a", in: space.directory, mode: 0o700)
            _ = try await space.export.createFile("file", in: made.handle, mode: 0o600)
            _ = await expectFailure(.notEmpty) {
                try await space.export.removeDirectory("a", in: space.directory)
            }
            try await space.export.remove("file", in: made.handle)
            try await space.export.removeDirectory("a", in: space.directory)
            await expectNoEntry("a", in: space)
            _ = await expectFailure(.stale) { try await space.export.attributes(of: made.handle) }
        }
    }

    @Test func renamesBetweenDirectories() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let from = try await space.export.makeDirectory("from", in: space.directory, mode: 0o700)
            let to = try await space.export.makeDirectory("to", in: space.directory, mode: 0o700)
            let made = try await space.export.makeDirectory("a", in: from.handle, mode: 0o700)
            try await space.export.rename("a", in: from.handle, to: "b", in: to.handle)
            #expect(try await space.export.lookup("b", in: to.handle).handle == made.handle)
            _ = await expectFailure(.notFound) {
                try await space.export.rename("a", in: from.handle, to: "c", in: to.handle)
            }
        }
    }

    /// Why a caller has to look before it renames.
    @Test func aRenameReplacesAnEmptyDirectoryButNoOther() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let made = try await space.export.makeDirectory("a", in: space.directory, mode: 0o700)
            _ = try await space.export.makeDirectory("empty", in: space.directory, mode: 0o700)
            try await space.export.rename("a", in: space.directory, to: "empty", in: space.directory)
            #expect(try await space.export.lookup("empty", in: space.directory).handle == made.handle)
            let full = try await space.export.makeDirectory("full", in: space.directory, mode: 0o700)
            _ = try await space.export.createFile("file", in: full.handle, mode: 0o600)
            let error = await #expect(throws: NFSError.self) {
                try await space.export.rename("empty", in: space.directory, to: "full", in: space.directory)
            }
            #expect(error?.code == .notEmpty || error?.code == .alreadyExists)
        }
    }

    @Test func writesReadsAndCommits() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let file = try await space.export.createFile("file", in: space.directory, mode: 0o640)
            #expect(file.attributes.mode == 0o640)
            _ = await expectFailure(.alreadyExists) {
                try await space.export.createFile("file", in: space.directory, mode: 0o640)
            }
            let first = try await space.export.write([1, 2, 3], to: file.handle, at: 0, stability: .unstable)
            #expect(first.count == 3)
            let second = try await space.export.write([4, 5], to: file.handle, at: 3)
            #expect(second.count == 2 && second.isStable)
            let verifier = try await space.export.commit(file.handle)
            #expect(verifier == first.verifier)
            let chunk = try await space.export.read(file.handle, at: 1, count: 100)
            #expect(chunk == FileChunk(bytes: [2, 3, 4, 5], isLast: true))
            let part = try await space.export.read(file.handle, at: 0, count: 2)
            #expect(part == FileChunk(bytes: [1, 2], isLast: false))
            #expect(try await space.export.read(file.handle, at: 99, count: 1).bytes.isEmpty)
        }
    }

    @Test func tellsTheRoomOnTheExport() async throws {
        let export = try await NFSServer.shared.value.export()
        let room = try await export.statistics()
        #expect(room.totalBytes > 0)
        #expect(room.freeBytes <= room.totalBytes)
        #expect(room.availableBytes <= room.freeBytes)
        await export.close()
    }

    private func expectNoEntry(_ name: NFSName, in space: Workspace) async {
        let error = await expectFailure(.notFound) {
            try await space.export.lookup(name, in: space.directory)
        }
        #expect(error?.description == "lookup \(name) on \(space.export.address): no such file or directory")
    }
}
