import Foundation
import TestBed

/// A real NFS server of a test's own over a file system with little room: 4 MiB and 300 inodes.
struct SmallNFSServer: Sendable {
    private let server: OwnNFSServer

    /// On the server's side.
    var export: URL { server.export }
    var mountOptions: [String] { server.mountOptions }

    init() async throws {
        server = try await OwnNFSServer(tmpfs: "size=4m,nr_inodes=300,mode=0755")
    }

    /// Leaves no room for a byte.
    func fillBlocks() throws {
        let file = export.appending(path: "filler")
        _ = FileManager.default.createFile(atPath: file.path(), contents: nil)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        for size in [1 << 16, 1 << 12, 1] {
            while (try? handle.write(contentsOf: Data(repeating: 1, count: size))) != nil {}
        }
    }

    /// Leaves no room for a file.
    func fillInodes() {
        var number = 0
        while FileManager.default.createFile(atPath: export.appending(path: "file-\(number)").path(), contents: nil) {
            number += 1
        }
    }
}
