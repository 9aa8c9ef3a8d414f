import Foundation
import Subprocess
import Testing

@Suite("kubectl sb-nfs runs the program in the controller's pod")
struct KubectlPluginTests {
    /// Answers `kubectl get` with what it is told, and prints the words of every other call.
    private static let fakeKubectl = """
        #!/bin/sh
        if [ "$1" = get ]; then
            echo "$@" >&2
            printf '%s' "$FAKE_DEPLOYMENTS"
        else
            for word in "$@"; do echo "<$word>"; done
            exit 3
        fi
        """

    private func run(
        _ arguments: [String],
        deployments: String,
        _ environment: [String: String] = [:]
    ) async throws -> (code: Int32?, words: [String], error: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "fake-kubectl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let fake = folder.appending(path: "kubectl").path()
        try Self.fakeKubectl.write(toFile: fake, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fake)
        var variables: [Environment.Key: String] = [
            "PATH": "\(folder.path()):/usr/bin:/bin", "FAKE_DEPLOYMENTS": deployments,
        ]
        for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: Arguments(
                [MarkdownDocument.project.appending(path: "scripts/kubectl-sb_nfs").path()] + arguments
            ),
            environment: .custom(variables),
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        let code: Int32? = if case .exited(let code) = result.terminationStatus { code } else { nil }
        return (code, result.standardOutput.split(separator: "\n").map(String.init), result.standardError)
    }

    @Test("It finds the Deployment by its label, passes every argument on, and ends with the program's exit code")
    func found() async throws {
        let arguments = ["archive", "hold", "pvc-1", "--reason", "court order, “12/3”"]
        let result = try await run(arguments, deployments: "storage nfs-controller\n")
        #expect(result.error.contains("--all-namespaces --selector app.kubernetes.io/name=sb-nfs-provisioner"))
        let words = ["exec", "--namespace", "storage", "deployment/nfs-controller", "--", "sb-nfs-provisioner"]
        #expect(result.words == (words + arguments).map { "<\($0)>" })
        #expect(result.code == 3)
    }

    @Test("A namespace from the environment is the only one that it reads")
    func namespace() async throws {
        let result = try await run(["version"], deployments: "b one\n", ["SB_NFS_NAMESPACE": "b"])
        #expect(result.error.contains("get deployments --namespace b ") && !result.error.contains("--all-namespaces"))
        #expect(result.words.contains("<deployment/one>"))
    }

    @Test("None or several Deployments are an error message, and nothing is run")
    func refused() async throws {
        let none = try await run(["version"], deployments: "")
        #expect(none.code == 1 && none.words == [])
        #expect(none.error.contains("find the controller: no Deployment with the label"))
        let two = try await run(["version"], deployments: "a one\nb two\n")
        #expect(two.code == 1 && two.words == [])
        #expect(two.error.contains("several Deployments with the label") && two.error.contains("set SB_NFS_NAMESPACE"))
    }
}
