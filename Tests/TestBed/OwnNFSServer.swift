import Foundation
import Testing

/// A real nfs-ganesha of a test's own with one export. It is stopped when the test process ends, however it ends: a small
/// shell waits for the end of its input.
package final class OwnNFSServer: Sendable {
    /// On the server's side.
    package let export: URL
    package let mountOptions: [String]
    package let pid: pid_t?
    private let lifeline = Pipe()

    /// - Parameter tmpfs: Options of a file system in memory for the export; nil: the temporary folder's.
    /// - Throws: What starting a process or reading its files throws.
    package init(tmpfs: String? = nil) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "own-nfs-\(UUID().uuidString)")
        export = folder.appending(path: "export")
        try FileManager.default.createDirectory(at: export, withIntermediateDirectories: true)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/nfs-server.sh")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let words = #"""
            trap "" INT TERM HUP
            { [ -z "$3" ] || mount -t tmpfs -o "$3" tmpfs "$2/export"; } 2>"$2/log" &&
                "$1" start "$2/server" "$2/export" >/dev/null 2>>"$2/log"
            touch "$2/ready"; cat >/dev/null
            "$1" stop "$2/server" >/dev/null 2>&1; [ -z "$3" ] || umount --lazy "$2/export"; rm -rf "$2"
            """#
        shell.arguments = ["-c", words, "sh", script.path(), folder.path(), tmpfs ?? ""]
        shell.standardInput = lifeline
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        try await eventually("the NFS server is there", within: .seconds(180)) {
            FileManager.default.fileExists(atPath: folder.appending(path: "ready").path())
        }
        let text = try String(contentsOf: folder.appending(path: "server/nfs.env"), encoding: .utf8)
        let pairs = text.split(separator: "\n").map { $0.split(separator: "=") }.filter { $0.count == 2 }
        let values = Dictionary(pairs.map { ($0[0], $0[1]) }) { one, _ in one }
        pid = values["NFS_PID"].flatMap { pid_t($0) }
        mountOptions = ["port=\(values["NFS_PORT"] ?? "")", "mountport=\(values["NFS_MOUNT_PORT"] ?? "")"]
    }

    deinit { try? lifeline.fileHandleForWriting.close() }
}
