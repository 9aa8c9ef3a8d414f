import Foundation
import Synchronization
import TestBed
import Testing

@testable import Kubernetes

@Suite("Credential programs", .timeLimit(.minutes(10)))
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

    @Test func oneThatWaitsForARunCanBeCancelled() async throws {
        // It ends with the test's folder.
        var plugin = try plugin(#"echo run >> "$0.runs"; while [ -e "$0" ]; do sleep 0.1; done"#)
        plugin.timeout = .seconds(10)
        let authenticator = try authenticator(plugin)
        let waiting = Task { try await authenticator.identity() }
        try await eventually { (try? runs(plugin)) == 1 }
        waiting.cancel()
        let result = await waiting.result
        #expect { try result.get() } throws: { ($0 as? KubernetesError)?.code == .cancelled }
    }

    @Test func credentialsAreKeptUntilTheServerRefuses() async throws {
        let lasting = try plugin(#"echo run >> "$0.runs"; "# + answer(#"{"token":"t"}"#))
        let time = Time()
        let authenticator = try authenticator(lasting, time)
        let old = try await authenticator.identity()
        time.advance(by: .seconds(3_600))
        let refused = try await authenticator.identity()
        #expect(try runs(lasting) == 1)
        #expect(await authenticator.reject(refused))
        _ = try await authenticator.identity()
        #expect(try runs(lasting) == 2)

        time.advance(by: .seconds(30))
        for late in [old, refused] { #expect(await authenticator.reject(late), "there is another to be had") }
        _ = try await authenticator.identity()
        #expect(try runs(lasting) == 2)
    }

    @Test(arguments: [#"{"token":"t"}"#, #"{"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}"#, "{}"])
    func theProgramDoesNotRunTwiceInTenSecondsWhateverComesOfIt(status: String) async throws {
        let plugin = try plugin(#"echo run >> "$0.runs"; "# + answer(status))
        let authenticator = try authenticator(plugin)
        for _ in 0..<3 {
            guard let identity = try? await authenticator.identity() else { continue }
            #expect(await !authenticator.reject(identity))
        }
        #expect(try runs(plugin) == 1)
    }

    @Test func aProgramThatFailsIsBridgedUntilItsCredentialsLapse() async throws {
        let failing = #"[ -e "$0.runs" ] && exit 1; echo run >> "$0.runs"; "#
        let end = Timestamp(seconds: Timestamp.now.seconds + 300)
        let plugin = try plugin(failing + answer(#"{"token":"t","expirationTimestamp":"\#(end)"}"#))
        let time = Time()
        let authenticator = try authenticator(plugin, time)
        _ = try await authenticator.identity()
        time.advance(by: .seconds(250))
        #expect(try await authenticator.identity().authorization == "Bearer t")
        time.advance(by: .seconds(60))
        await #expect(throws: KubernetesError.self) { try await authenticator.identity() }
    }

    private func authenticator(_ plugin: ExecPlugin, _ time: Time = Time()) throws -> Authenticator {
        var configuration = try ClusterConfiguration(server: "http://localhost")
        configuration.credential = .exec(plugin)
        return Authenticator(configuration: configuration, now: { time.now })
    }

    private func runs(_ plugin: ExecPlugin) throws -> Int {
        try String(contentsOfFile: plugin.command + ".runs", encoding: .utf8).split(separator: "\n").count
    }
}

/// A clock that goes on only when told to.
private final class Time: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { instant.withLock { $0 } }

    func advance(by duration: Duration) {
        instant.withLock { $0 += duration }
    }
}
