import Foundation
import Testing

@testable import Kubernetes

@Suite("Credential programs", .timeLimit(.minutes(1)))
struct ExecPluginTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func plugin(_ script: String, version: ExecPlugin.Version = .v1) throws -> ExecPlugin {
        ExecPlugin(version: version, command: try folder.write("login", "#!/bin/sh\n" + script, mode: 0o700))
    }

    private func answer(_ status: String, version: String = "v1") -> String {
        #"echo '{"apiVersion":"client.authentication.k8s.io/\#(version)","kind":"ExecCredential","status":\#(status)}'"#
    }

    @Test(arguments: [ExecPlugin.Version.v1, .v1beta1])
    func aTokenIsHandedOut(version: ExecPlugin.Version) async throws {
        let answer = answer(#"{"token":"t","expirationTimestamp":"2030-01-01T00:00:00Z"}"#, version: "\(version)")
        let status = try await plugin(answer, version: version).run(for: nil)
        #expect(status.token == "t")
        #expect(status.expirationTimestamp == Timestamp("2030-01-01T00:00:00Z"))
    }

    @Test func theProgramIsToldItsVersionTheClusterArgumentsAndEnvironment() async throws {
        let script = #"printf %s "$1/$K/$KUBERNETES_EXEC_INFO" > "$0.said"; "# + answer(#"{"token":"t"}"#)
        var plugin = try plugin(script)
        plugin.arguments = ["arg"]
        plugin.environment = ["K": "v"]
        plugin.isToldTheCluster = true
        _ = try await plugin.run(for: ExecCredential.Spec.Cluster(server: "https://h", tlsServerName: "n"))
        let said = try String(contentsOfFile: plugin.command + ".said", encoding: .utf8)
        #expect(said.hasPrefix("arg/v/{"))
        let info = try JSONDecoder().decode(ExecCredential.self, from: Data(said.dropFirst("arg/v/".count).utf8))
        #expect(info.apiVersion == "client.authentication.k8s.io/v1")
        #expect(info.spec?.interactive == false)
        #expect(info.spec?.cluster?.server == "https://h")
        #expect(info.spec?.cluster?.tlsServerName == "n")
    }

    @Test(arguments: [
        ("echo no login >&2; exit 3", "failed"),
        ("echo no login >&2; exit 3", "no login"),
        ("echo hello", "did not write an ExecCredential"),
        (
            #"echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"s3cret"}}'"#,
            "v1beta1"
        ),
        (
            #"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'"#,
            "neither a token nor"
        ),
        ("head -c 2000000 /dev/zero", "wrote more than"),
    ])
    func aFailureIsOneSentence(script: String, sentence: String) async throws {
        let plugin = try plugin(script)
        await #expect {
            try await plugin.run(for: nil)
        } throws: {
            "\($0)".hasPrefix("credential plugin “\(plugin.command)” ") && "\($0)".contains(sentence)
                && !"\($0)".contains("s3cret")
        }
    }

    @Test func anAbsentProgramIsNamedWithItsHint() async {
        var plugin = ExecPlugin(version: .v1, command: "no-such-login-program")
        plugin.installHint = "apt install login"
        await #expect {
            try await plugin.run(for: nil)
        } throws: {
            "\($0)" == "credential plugin “no-such-login-program” was not found; apt install login"
        }
    }

    @Test func aProgramThatHangsIsStopped() async throws {
        var plugin = try plugin("echo $$ > \"$0.pid\"; exec sleep 600")
        plugin.timeout = .seconds(1)
        await #expect {
            try await plugin.run(for: nil)
        } throws: {
            ($0 as? KubernetesError)?.code == .timeout
        }
        let pid = try String(contentsOfFile: plugin.command + ".pid", encoding: .utf8)
        let process = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(process, 0) == -1)
    }

    @Test func manyCallersShareOneRun() async throws {
        let plugin = try plugin(#"echo run >> "$0.runs"; sleep 0.2; "# + answer(#"{"token":"t"}"#))
        let authenticator = try authenticator(plugin)
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 { group.addTask { try? await authenticator.identity().authorization } }
            for await authorization in group { #expect(authorization == "Bearer t") }
        }
        #expect(try runs(plugin) == 1)
    }

    @Test func credentialsAreKeptUntilAMinuteBeforeTheyLapseOrTheServerRefuses() async throws {
        let lasting = try plugin(#"echo run >> "$0.runs"; "# + answer(#"{"token":"t"}"#))
        let authenticator = try authenticator(lasting)
        for _ in 0..<3 { _ = try await authenticator.identity() }
        #expect(try runs(lasting) == 1)
        let identity = try await authenticator.identity()
        #expect(await authenticator.reject(identity))
        _ = try await authenticator.identity()
        #expect(try runs(lasting) == 2)
    }

    @Test func credentialsAboutToLapseAreNotUsedAgain() async throws {
        let soon = Timestamp(seconds: Timestamp.now.seconds + 50)
        let brief = try plugin(
            #"echo run >> "$0.runs"; "# + answer(#"{"token":"t","expirationTimestamp":"\#(soon)"}"#)
        )
        let authenticator = try authenticator(brief)
        for _ in 0..<2 { _ = try await authenticator.identity() }
        #expect(try runs(brief) == 2)
    }

    @Test func aProgramThatFailsIsBridgedUntilItsCredentialsLapse() async throws {
        let failing = #"[ -e "$0.runs" ] && exit 1; echo run >> "$0.runs"; "#
        for (seconds, isBridged) in [(30, true), (-1, false)] as [(Int64, Bool)] {
            let end = Timestamp(seconds: Timestamp.now.seconds + seconds)
            let plugin = try plugin(failing + answer(#"{"token":"t","expirationTimestamp":"\#(end)"}"#))
            try? FileManager.default.removeItem(atPath: plugin.command + ".runs")
            let authenticator = try authenticator(plugin)
            _ = try await authenticator.identity()
            #expect((try? await authenticator.identity().authorization) == (isBridged ? "Bearer t" : nil))
        }
    }

    private func authenticator(_ plugin: ExecPlugin) throws -> Authenticator {
        var configuration = try ClusterConfiguration(server: "http://localhost")
        configuration.credential = .exec(plugin)
        return Authenticator(configuration: configuration)
    }

    private func runs(_ plugin: ExecPlugin) throws -> Int {
        try String(contentsOfFile: plugin.command + ".runs", encoding: .utf8).split(separator: "\n").count
    }
}
