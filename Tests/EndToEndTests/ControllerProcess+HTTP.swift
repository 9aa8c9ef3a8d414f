import Subprocess
import TestBed
import Testing

extension ControllerProcess {
    /// What the controller answers to a GET.
    struct HTTPAnswer {
        let status: String
        let contentType: String
        let body: String
    }

    /// Asks once the controller listens.
    func get(_ path: String) async throws -> HTTPAnswer {
        try await eventually("probes are served") { log.contains("serving probes") }
        let port = try #require(log.firstMatch(of: /address"?[=:]"?127\.0\.0\.1:(\d+)/)?.1)
        let result = try await Subprocess.run(
            .name("curl"),
            arguments: ["-s", "-m", "10", "-w", "\n%{http_code} %{content_type}", "http://127.0.0.1:\(port)/\(path)"],
            output: .string(limit: 1 << 22)
        )
        let lines = result.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
        let last = (lines.last ?? "").split(separator: " ", maxSplits: 1).map(String.init)
        return HTTPAnswer(
            status: last.first ?? "",
            contentType: last.count > 1 ? last[1] : "",
            body: lines.dropLast().joined(separator: "\n") + "\n"
        )
    }
}
