import Foundation
import NFS
import TestBed
import Testing

/// A real NFS server of a test's own over a file system with little room: 4 MiB and 300 inodes.
final class SmallNFSServer: Sendable {
    /// On the server's side.
    let export: URL
    let mountOptions: [String]
    private let lifeline = Pipe()

    init() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "small-nfs-\(UUID().uuidString)")
        export = folder.appending(path: "export")
        try FileManager.default.createDirectory(at: export, withIntermediateDirectories: true)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/nfs-server.sh")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let words = #"""
            trap "" INT TERM HUP; mount -t tmpfs -o size=4m,nr_inodes=300,mode=0755 tmpfs "$2/export" 2>"$2/log" &&
                "$1" start "$2/server" "$2/export" >/dev/null 2>>"$2/log"; touch "$2/ready"
            cat >/dev/null; "$1" stop "$2/server" >/dev/null 2>&1; umount --lazy "$2/export"; rm -rf "$2"
            """#
        shell.arguments = ["-c", words, "sh", script.path(), folder.path()]
        shell.standardInput = lifeline
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        try await eventually("the NFS server is there", within: .seconds(180)) {
            FileManager.default.fileExists(atPath: folder.appending(path: "ready").path())
        }
        let text = try String(contentsOf: folder.appending(path: "server/nfs.env"), encoding: .utf8)
        let pairs = text.split(separator: "\n").map { $0.split(separator: "=") }.filter { $0.count == 2 }
        let values = Dictionary(pairs.map { ($0[0], $0[1]) }) { one, _ in one }
        mountOptions = ["port=\(values["NFS_PORT"] ?? "")", "mountport=\(values["NFS_MOUNT_PORT"] ?? "")"]
    }

    deinit { try? lifeline.fileHandleForWriting.close() }

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
