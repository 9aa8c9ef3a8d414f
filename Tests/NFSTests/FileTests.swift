import Foundation
import Testing

@testable import NFS

@Suite struct FileTests {
    @Test(arguments: [0, 1, 65_536, 65_537, 1_000_000])
    func writesAtomicallyAndReadsBack(_ count: Int) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await space.export.writeFileAtomically("record.json", in: space.directory, bytes: [1, 2, 3])
            try await space.export.writeFileAtomically("record.json", in: space.directory, bytes: bytes)
            let read = try await space.export.readFile("record.json", in: space.directory, limit: 2_000_000)
            #expect(read == bytes)
            let file = try await space.export.lookup("record.json", in: space.directory)
            #expect(file.attributes.mode == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()) == ["record.json"])
        }
    }

    @Test func leavesNothingBehindWhenItFails() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let taken = try await space.export.makeDirectory("taken", in: space.directory, mode: 0o700)
            _ = try await space.export.createFile("file", in: taken.handle, mode: 0o600)
            await #expect(throws: NFSError.self) {
                try await space.export.writeFileAtomically("taken", in: space.directory, bytes: [1])
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: space.folder.path()) == ["taken"])
        }
    }

    @Test func refusesAFileLongerThanTheLimit() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            try Data(count: 100).write(to: space.folder.appending(path: "file"))
            #expect(try await space.export.readFile("file", in: space.directory, limit: 100).count == 100)
            let error = await expectFailure(.tooLarge) {
                try await space.export.readFile("file", in: space.directory, limit: 99)
            }
            #expect(error?.description == "read file on \(space.export.address): it is longer than 99 bytes")
        }
    }

    @Test func readsOnlyRegularFiles() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            symlink("/etc/passwd", space.path("link"))
            mkfifo(space.path("fifo"), 0o600)
            for name in ["link", "fifo"] as [NFSName] {
                _ = await expectFailure(.unsupported) {
                    try await space.export.readFile(name, in: space.directory, limit: 100)
                }
            }
        }
    }
}
