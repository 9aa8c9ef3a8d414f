import Foundation

/// A program that runs beside the benchmark. It is killed with this object, and with the benchmark however that ends: a
/// small shell waits for the end of its input.
final class RunningProgram: Sendable {
    let pid: pid_t
    let started: ContinuousClock.Instant
    private let logFile: URL
    private let lifeline = Pipe()

    init(_ path: String, _ arguments: [String], environment: [String: String], log: URL) throws {
        logFile = log
        let output = Pipe()
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        let script =
            #"trap "" INT TERM HUP; log=$1; shift; "$@" </dev/null >>"$log" 2>&1 & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null"#
        shell.arguments = ["-c", script, "sh", log.path(), path] + arguments
        shell.environment = environment
        shell.standardInput = lifeline
        shell.standardOutput = output
        started = .now
        try shell.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let pid = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw BenchFailure(description: "\(path) does not start")
        }
        self.pid = pid
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
    }

    var log: String { (try? String(contentsOf: logFile, encoding: .utf8)) ?? "" }

    var usage: ProcessUsage? { ProcessUsage(pid) }

    /// Whether it runs; one that ended and was not waited for has no memory any more.
    var isRunning: Bool { usage != nil }

    /// Asks it to end, and waits until it has.
    func stop() async throws {
        kill(pid, SIGTERM)
        try await wait(for: "the end of process \(pid)", within: .seconds(60)) { !isRunning }
    }

    /// - Throws: With the last lines of its log, if it has ended.
    func requireRunning() throws {
        guard !isRunning else { return }
        let lines = log.split(separator: "\n").suffix(5).joined(separator: "\n")
        throw BenchFailure(description: "\(logFile.lastPathComponent) ended: \(lines)")
    }
}
