import Foundation
import Subprocess
import SystemPackage
import TestBed

/// What the figures were measured on, without a name that would tell whose it is.
struct Machine: Codable {
    let cores: Int
    let processor: String
    let memoryGB: Int
    let kernel: String
    let kubernetes: String
    let nfsServer: String
    let compiler: String

    init(bed: TestBed) async throws {
        cores = ProcessInfo.processInfo.activeProcessorCount
        processor =
            (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } } ?? "unknown"
        memoryGB = Int((Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30)).rounded())
        // What follows the version's numbers is the host's own business.
        kernel = String(try await Self.output("uname", "-sr").prefix { $0 != "-" })
        kubernetes = try await Self.output("\(bed.assets)/kube-apiserver", "--version")
        nfsServer = try await Self.output("ganesha.nfsd", "-v")
        compiler = try await Self.output("swift", "--version")
    }

    /// The first line of what a program says.
    private static func output(_ program: String, _ argument: String, _ rest: String...) async throws -> String {
        let result = try await Subprocess.run(
            program.hasPrefix("/") ? .path(FilePath(program)) : .name(program),
            arguments: Arguments([argument] + rest),
            output: .string(limit: 1 << 16),
            error: .discarded
        )
        let line = result.standardOutput.split(separator: "\n").first.map(String.init) ?? ""
        return line.trimmingCharacters(in: .whitespaces)
    }
}
