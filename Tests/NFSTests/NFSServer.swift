import Foundation
import Logging
import NFS
import TestBed
import Testing

/// A real nfs-ganesha of a test's own, started and stopped by scripts/nfs-server.sh. It is stopped when the test
/// process ends, however it ends: a small shell waits for that on a pipe.
final class NFSServer: Sendable {
    /// The server that all tests share which do not stop it.
    static let shared = Task { try await NFSServer() }

    static let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Below it: the exports and the server's own files.
    let folder: URL
    let port: UInt16
    let mountPort: UInt16
    let pid: pid_t
    private let lifeline: ChildProcess

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "nfs-tests-\(UUID().uuidString)")
        for export in ["rw", "ro", "squash"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: export),
                withIntermediateDirectories: true
            )
        }
        lifeline = try Self.stopWhenProcessEnds(folder)
        try await Self.run("start", folder, exports: ["rw", "ro:ro", "squash:root_squash"])
        let environment = try Self.environment(of: folder)
        port = UInt16(environment["NFS_PORT"] ?? 0)
        mountPort = UInt16(environment["NFS_MOUNT_PORT"] ?? 0)
        pid = pid_t(environment["NFS_PID"] ?? 0)
    }

    /// A folder on the server's side of an export.
    func path(_ export: String) -> URL { folder.appending(path: export) }

    /// With a deadline that a busy machine does not miss; a test of deadlines says its own.
    func options(timeout: Duration = .seconds(30)) -> ConnectionOptions {
        ConnectionOptions(port: port, mountPort: mountPort, timeout: timeout, retransmissions: 0)
    }

    func export(
        _ name: String = "rw",
        host: String = "127.0.0.1",
        options: ConnectionOptions? = nil,
        mayWrite: @escaping @Sendable () -> Bool = { true },
        logger: Logger = silentLogger
    ) -> Export {
        Export(
            address: ExportAddress(server: host, path: path(name).path()),
            options: options ?? self.options(),
            mayWrite: mayWrite,
            logger: logger
        )
    }

    /// Runs a test in a fresh directory of the read-write export, which the test also sees as a folder.
    func withDirectory<Value>(
        options: ConnectionOptions? = nil,
        mayWrite: @escaping @Sendable () -> Bool = { true },
        _ body: (Workspace) async throws -> Value
    ) async throws -> Value {
        let name = "test-\(UUID().uuidString)"
        let folder = path("rw").appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let export = export(options: options, mayWrite: mayWrite)
        let result: Result<Value, any Error>
        do {
            let directory = try await export.lookup(NFSName(name), in: export.root().handle)
            result = .success(try await body(Workspace(export: export, directory: directory.handle, folder: folder)))
        } catch {
            result = .failure(error)
        }
        await export.close()
        return try result.get()
    }

    /// Stops every thread of the server; it keeps its sockets and answers nothing.
    func pause() async throws {
        Foundation.kill(pid, SIGSTOP)
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")
        for thread in threads {
            try await eventually {
                let line = try String(contentsOfFile: "/proc/\(pid)/task/\(thread)/stat", encoding: .utf8)
                return line.split(separator: ") ").last?.first == "T"
            }
        }
    }

    func resume() { Foundation.kill(pid, SIGCONT) }

    func kill() { Foundation.kill(pid, SIGKILL) }

    /// Stops the server; it can be started again.
    func stop() async throws { try await Self.run("stop", folder, exports: []) }

    /// Starts it again where it was; its process is a new one.
    func restart() async throws {
        try await Self.run(
            "start",
            folder,
            exports: ["rw", "ro:ro", "squash:root_squash"],
            environment: ["NFS_PORT": "\(port)", "NFS_MOUNT_PORT": "\(mountPort)"]
        )
    }

    /// Has the running server take its exports away or serve them again. Their handles are stale meanwhile.
    func setExports(areServed: Bool) throws {
        let (file, kept) = (path("server/ganesha.conf"), path("server/all-exports.conf"))
        if !areServed {
            let all = try String(contentsOf: file, encoding: .utf8)
            try all.write(to: kept, atomically: true, encoding: .utf8)
            let general = all.components(separatedBy: "EXPORT {")[0]
            try general.write(to: file, atomically: true, encoding: .utf8)
        } else {
            try String(contentsOf: kept, encoding: .utf8).write(to: file, atomically: true, encoding: .utf8)
        }
        Foundation.kill(pid, SIGHUP)
    }

    private static let script = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "scripts/nfs-server.sh")

    private static func run(
        _ command: String,
        _ folder: URL,
        exports: [String],
        environment: [String: String] = [:]
    ) async throws {
        let folders = exports.map { folder.appending(path: $0).path() }
        let process = try ChildProcess(
            ["/usr/bin/env"] + environment.map { "\($0)=\($1)" }
                + [script.path(), command, folder.appending(path: "server").path()] + folders
        )
        guard await process.exitStatus() == 0 else {
            throw ServerFailure(description: "nfs-server.sh \(command) failed; see its message above")
        }
    }

    private static func environment(of folder: URL) throws -> [String: Int] {
        let text = try String(contentsOf: folder.appending(path: "server/nfs.env"), encoding: .utf8)
        return text.split(separator: "\n").reduce(into: [:]) { values, line in
            let parts = line.split(separator: "=")
            if parts.count == 2 { values[String(parts[0])] = Int(parts[1]) }
        }
    }

    private static func stopWhenProcessEnds(_ folder: URL) throws -> ChildProcess {
        let watch = #"trap "" INT TERM HUP; cat; "$0" stop "$1"/server; rm -rf "$1""#
        return try ChildProcess(["/bin/sh", "-c", watch, script.path(), folder.path()], isQuiet: true)
    }
}

/// A directory of one test: through NFS, and on the server's side.
struct Workspace: Sendable {
    let export: Export
    let directory: NFS.FileHandle
    let folder: URL

    /// The server's side of a name.
    func path(_ name: String) -> String { folder.appending(path: name).path() }
}

struct ServerFailure: Error, CustomStringConvertible {
    let description: String
}
