import Foundation
import Subprocess
import SystemPackage
import TestBed
import Testing

/// The benchmark is no test, and a test measures nothing; this one keeps it from rotting.
@Suite("The benchmark measures and reports")
struct BenchmarkTests {
    private struct Report: Decodable {
        struct Figure: Decodable {
            let name: String
            let unit: String
            let runs: Int
            let median: Double
            let spread: Double
            let target: String?
            let isMet: Bool?
        }

        let size: String
        let figures: [Figure]
    }

    @Test("on a bed that others use too, in its smallest size, as a table and as JSON")
    func smallest() async throws {
        let folder = try TemporaryFolder()
        let json = folder.path + "/figures.json"
        let program = URL(filePath: BuiltProgram.path).deletingLastPathComponent().appending(path: "sb-nfs-bench")
        let result = try await Subprocess.run(
            .path(FilePath(program.path())),
            arguments: ["single", "tree", "--size", "small", "--runs", "1", "--json", json],
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        let report = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: json)))
        #expect(report.size == "small")
        let names = report.figures.map(\.name)
        for name in ["single.median", "single.p99", "single.floor", "removal.far.ratio", "removal.near", "walk.far"] {
            #expect(names.contains(name))
            #expect(result.standardOutput.contains(name))
        }
        #expect(report.figures.allSatisfy { $0.runs == 1 && $0.median > 0 && $0.spread == 0 })
        #expect(report.figures.allSatisfy { ($0.target == nil) == ($0.isMet == nil) })
    }
}
