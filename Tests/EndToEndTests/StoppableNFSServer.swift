import Foundation
import TestBed
import Testing

/// A real nfs-ganesha of a test's own with one export, that can be made to hang. It is stopped when the test process
/// ends, however it ends: a small shell waits for the end of its input.
final class StoppableNFSServer: Sendable {
    /// On the server's side.
    let export: URL
    let mountOptions: [String]
    private let pid: pid_t
    private let lifeline = Pipe()

    init() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "e2e-nfs-\(UUID().uuidString)")
        export = folder.appending(path: "export")
        try FileManager.default.createDirectory(at: export, withIntermediateDirectories: true)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/nfs-server.sh")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let words = #"""
            trap "" INT TERM HUP; "$1" start "$2/server" "$2/export" >/dev/null 2>"$2/log"; touch "$2/ready"
            cat >/dev/null; "$1" stop "$2/server" >/dev/null 2>&1; rm -rf "$2"
            """#
        shell.arguments = ["-c", words, "sh", script.path(), folder.path()]
        shell.standardInput = lifeline
        shell.standardOutput = FileHandle.nullDevice
        try shell.run()
        try await eventually("the NFS server is there", within: .seconds(180)) {
            FileManager.default.fileExists(atPath: folder.appending(path: "ready").path())
        }
        let text = try String(contentsOf: folder.appending(path: "server/nfs.env"), encoding: .utf8)
        let values = Dictionary(
            text.split(separator: "\n").map { $0.split(separator: "=") }.filter { $0.count == 2 }.map { ($0[0], $0[1]) }
        ) { one, _ in one }
        pid = try #require(values["NFS_PID"].flatMap { pid_t($0) })
        mountOptions = [
            "port=\(values["NFS_PORT"] ?? "")", "mountport=\(values["NFS_MOUNT_PORT"] ?? "")", "timeo=10", "retrans=0",
        ]
    }

    deinit {
        resume()
        try? lifeline.fileHandleForWriting.close()
    }

    /// It keeps its sockets and answers nothing.
    func pause() { kill(pid, SIGSTOP) }

    func resume() { kill(pid, SIGCONT) }
}
