import Foundation
import Subprocess
import SystemPackage
import Testing

/// helm, and a kubectl of today, as `scripts/manifest-tools.sh` finds them; and the project's own scripts.
struct ManifestTools {
    struct Result {
        let succeeded: Bool
        let output: String
        let error: String
    }

    static let repository = MetricsPage.repository

    private let folder: String

    var kubectl: String { folder + "/kubectl" }

    init() async throws {
        let found = try await Self.run(Self.repository.appending(path: "scripts/manifest-tools.sh").path(), [])
        try #require(found.succeeded, "\(found.error)")
        folder = found.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Builds a kustomization below `manifests`.
    func kustomize(_ name: String) async throws -> String {
        try await Self.kustomize(name, with: kubectl)
    }

    /// The same with another kubectl.
    static func kustomize(_ name: String, with kubectl: String) async throws -> String {
        let result = try await run(kubectl, ["kustomize", repository.appending(path: "manifests/\(name)").path()])
        try #require(result.succeeded, "\(result.error)")
        return result.output
    }

    /// Runs helm on the chart: the command, then a release's name if there is one, the chart, and the rest.
    func helm(_ command: [String], _ arguments: [String] = []) async throws -> Result {
        let chart = Self.repository.appending(path: "charts/sb-nfs-provisioner").path()
        return try await Self.run(folder + "/helm", command + [chart] + arguments)
    }

    /// Renders the chart.
    func template(_ release: String, _ arguments: [String]) async throws -> String {
        let result = try await helm(["template", release], arguments)
        try #require(result.succeeded, "\(result.error)")
        return result.output
    }

    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> Result {
        let result = try await Subprocess.run(
            .path(FilePath(program)),
            arguments: Arguments(arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })
            ),
            output: .string(limit: 1 << 22),
            error: .string(limit: 1 << 20)
        )
        return Result(
            succeeded: result.terminationStatus.isSuccess,
            output: result.standardOutput,
            error: result.standardError
        )
    }
}

/// What kustomize wrote, without the hashes that it puts behind the names of generated objects.
func unhashed(_ yaml: String) -> String {
    yaml.replacing(/(?m)-[bcdfghkmt2456789]{10}$/, with: "")
}
