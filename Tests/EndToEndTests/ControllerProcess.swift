import Foundation
import TestBed

/// The built program, running as an admin would run it outside of the cluster. It is killed with this object, and with
/// the test process however that ends: a small shell waits for the end of its input.
final class ControllerProcess: Sendable {
    let pid: pid_t
    private let logFile: URL
    private let lifeline: Pipe

    /// Starts it.
    ///
    /// - Parameters:
    ///   - environment: All of it.
    ///   - arguments: Of the program.
    ///   - log: Where its output goes.
    ///   - wrapper: Words before the program's; what they start has to become the program by `exec`.
    /// - Throws: If it does not start.
    init(
        environment: [String: String],
        arguments: [String] = ["controller"],
        log: URL,
        within wrapper: [String] = []
    ) throws {
        logFile = log
        lifeline = Pipe()
        let output = Pipe()
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let script =
            #"trap "" INT TERM HUP; log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null"#
        shell.arguments = ["-c", script, "sh", log.path()] + wrapper + [BuiltProgram.path] + arguments
        shell.environment = environment
        shell.standardInput = lifeline
        shell.standardOutput = output
        try shell.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        pid = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
    }

    var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    var isRunning: Bool { FileManager.default.fileExists(atPath: "/proc/\(pid)/exe") }

    func signal(_ signal: Int32) {
        kill(pid, signal)
    }
}
