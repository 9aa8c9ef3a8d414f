import Foundation
import Kubernetes
import Provisioning
import Subprocess
import TestBed
import Testing

@Suite("Secrets are shown nowhere", .timeLimit(.minutes(10)))
struct SecretTests {
    /// What a controller is given.
    private struct Planted {
        let secrets: PlantedSecrets
        let environment: [String: String]
        /// The configuration file.
        let hooks: String
        /// The token of somebody who may see the reports, and one of nobody.
        let viewer: String
        let stranger: String
    }

    @Test(
        "Not in a log of every level, an event, an object, a file on a share, a report, a command's output, or an answer",
        arguments: ["text", "json"]
    )
    func nowhere(logFormat: String) async throws {
        try await Scenario.run { scenario in
            try await BackupServer.run { server in
                let planted = try await plant(server, scenario)
                let secrets = planted.secrets
                let mounted = try MountedConfiguration(planted.hooks)
                let settings = planted.environment.merging(["LOG_LEVEL": "trace", "LOG_FORMAT": logFormat]) { $1 }
                let controller = try scenario.startController(settings, configuration: mounted.path)
                try await scenario.createClass()
                try await scenario.createClaim("data")
                let volume = try await scenario.boundVolume(of: "data")
                try await scenario.deleteClaim("data")
                try await scenario.expectGone(volume)
                let outputs = try scenario.archiveRecord(of: volume).hooks?.map {
                    Set(($0.output ?? "").split(separator: "\n"))
                }
                #expect(outputs == [["out •••", "err •••"], ["it was ••• Bearer •••"]], "they were used, and seen")

                try await lookAtPage(controller, planted)
                for path in ["metrics", "readyz?verbose", "livez", "none"] {
                    secrets.expectNone(in: try await controller.get(path).body, of: path)
                }
                try await lookAtCommands(mounted.path, volume, planted, scenario)
                try await lookAtCluster(planted, scenario)
                #expect(try secrets.expectNone(inFilesBelow: scenario.share) > 2)
                controller.signal(SIGSEGV)
                // Where Swift's backtracer is, it goes on after a signal that somebody sent.
                try await eventually("it crashed") {
                    !controller.isRunning || controller.log.contains("Backtrace took")
                }
                secrets.expectNone(in: controller.log, of: "the log")
            }
        }
    }

    @Test("Not in messages about an unusable kubeconfig, nor in the log")
    func kubeconfigs() async throws {
        try await Scenario.run { scenario in
            var secrets = PlantedSecrets()
            func base64(_ name: String) -> String { Data(secrets.plant(name).utf8).base64EncodedString() }
            let plugin = "apiVersion: client.authentication.k8s.io/v1, command: sh"
            let users = [
                "{token: \(secrets.plant("refused-token"))}",
                "{token: \(secrets.plant("unclosed-token"))",
                "{token: [\(secrets.plant("token-in-a-list"))]}",
                "{username: me, password: \(secrets.plant("password"))}",
                "{auth-provider: {name: gcp, config: {access-token: \(secrets.plant("access-token"))}}}",
                "{client-certificate-data: \(base64("certificate")), client-key-data: \(base64("key"))}",
                "{client-certificate-data: x, client-key-data: \(secrets.plant("key-without-base64"))}",
                "{exec: {\(plugin), args: [-c, 'echo \(secrets.plant("output"))', \(secrets.plant("argument"))],"
                    + " env: [{name: A, value: \(secrets.plant("variable"))}]}}",
            ]
            let working = try String(contentsOfFile: scenario.bed.controllerKubeconfig, encoding: .utf8)
            for user in users {
                let file = try scenario.configuration(
                    working.replacing(/user: \{token: [^}]+\}/, with: "user: \(user)")
                )
                let diagnosis = try await scenario.doctor(["--read-only"], ["KUBECONFIG": file])
                #expect(diagnosis.code == 3)
                secrets.expectNone(in: diagnosis.output + diagnosis.error, of: "doctor")
                let controller = try scenario.startController(["KUBECONFIG": file, "LOG_LEVEL": "trace"])
                try await eventually("it ends, or goes on asking") {
                    !controller.isRunning || controller.log.contains("the API server does not answer or refuses")
                }
                secrets.expectNone(in: controller.log, of: "the log")
            }
        }
    }

    @Test("Not in messages about a configuration file with a misplaced secret")
    func misplaced() async throws {
        try await Scenario.run { scenario in
            var secrets = PlantedSecrets()
            let pki = scenario.bed.folder + "/pki"
            let key = scenario.folder.appending(path: "key")
            try scenario.write(secrets.plant("what-is-no-key"), to: key)
            let hook = "name: a, phase: beforeArchive"
            let files = [
                "hooks: [{\(hook), http: {url: 'https://me:\(secrets.plant("password"))@nas/'}}]",
                "hooks: [{\(hook), http: {url: 'https://nas', token: \(secrets.plant("token"))}}]",
                "hooks: [{\(hook), http: {url: 'https://nas', token: \(secrets.plant("token-in-no-YAML"))}}",
                "apiPassword: \(secrets.plant("password-that-is-no-setting"))",
                "reports: {tls: {certificateFile: \(pki)/server.crt, keyFile: \(key.path())}}",
            ]
            let mounted = try MountedConfiguration("workers: 2\n")
            let controller = try scenario.startController(["LOG_LEVEL": "trace"], configuration: mounted.path)
            try await eventually("it is at work") { controller.log.contains("cluster known") }
            for (number, text) in files.enumerated() {
                try mounted.swap(to: text)
                try await eventually("it is refused") {
                    controller.log.matches(of: /configuration file is rejected/).count == number + 1
                }
                let file = try scenario.configuration(text)
                for command in [["config", "print"], ["doctor", "--read-only"], ["controller"]] {
                    let result = try await scenario.run(
                        command + ["--config", file],
                        ["KUBECONFIG": scenario.bed.controllerKubeconfig]
                    )
                    #expect(command != ["controller"] || result.code == 2)
                    secrets.expectNone(in: result.output + result.error, of: "\(command)")
                }
            }
            secrets.expectNone(in: controller.log, of: "the log")
            let events = try await scenario.kubectl(["get", "events", "--all-namespaces", "--output", "json"])
            let isTold = events.contains("pod-\(scenario.id)")
            #expect(isTold)
            secrets.expectNone(in: events, of: "an event")
        }
    }

    // MARK: What is planted

    private func plant(_ server: BackupServer, _ scenario: Scenario) async throws -> Planted {
        var secrets = PlantedSecrets()
        let kubeconfig = try await scenario.account("controller", with: Right.needed)
        let config = try String(contentsOfFile: kubeconfig, encoding: .utf8)
        secrets.know("controller's token", String(try #require(config.firstMatch(of: /token: ([^}]+)}/)?.1)))
        secrets.know("signing secret of a hook", BackupServer.secret)
        let token = scenario.folder.appending(path: "token")
        try scenario.write(secrets.plant("token-of-a-hook") + "\n", to: token)
        let pki = scenario.bed.folder + "/pki"
        let key = try String(contentsOfFile: "\(pki)/server.key", encoding: .utf8)
        secrets.know("private key of the page", String(key.split(separator: "\n")[1]))
        let viewer = try scenario.adminToken
        secrets.know("token of a viewer", viewer)
        let stranger = secrets.plant("token-of-nobody")
        let environment = [
            "KUBECONFIG": kubeconfig, "POD_NAMESPACE": scenario.namespace, "PROVISIONER_NAME": scenario.provisioner,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "BACKUP_PASSWORD": secrets.plant("variable-of-a-hook"), "OTHER_PASSWORD": secrets.plant("other-variable"),
        ]
        let script = #"echo "out $BACKUP_PASSWORD"; echo "err $BACKUP_PASSWORD" >&2; exit 3"#
        let hooks = """
            hooks:
              - name: print
                phase: beforeArchive
                onError: Continue
                exec:
                  command: [sh, -c, '\(script)', sh, --password, \(secrets.plant("argument-of-a-hook"))]
                  passEnvironment: [BACKUP_PASSWORD]
              - name: tell
                phase: beforeArchive
                http:
                  url: \(server.url)/hook?key=\(secrets.plant("address-of-a-hook"))
                  caFile: \(server.caFile)
                  secretFile: \(server.secretFile)
                  tokenFile: \(token.path())
            reports:
              listen: 127.0.0.1:0
              tls: {certificateFile: \(pki)/server.crt, keyFile: \(pki)/server.key}
            """
        return Planted(
            secrets: secrets,
            environment: environment,
            hooks: hooks,
            viewer: viewer,
            stranger: stranger
        )
    }

    // MARK: Where it is looked for

    /// Every page and report, for somebody who may see them, for somebody unknown and for nobody.
    private func lookAtPage(_ controller: ControllerProcess, _ planted: Planted) async throws {
        try await eventually("the page is served") { controller.log.contains("serving reports") }
        let address = try #require(controller.log.firstMatch(of: /https:\/\/127\.0\.0\.1:\d+/)?.output)
        for token in [planted.viewer, planted.stranger] {
            for path in ["/", "/reports/backups.json", "/reports/usage.json", "/reports/audit.json", "/none"] {
                let answer = try await curl("\(address)\(path)", ["-H", "Authorization: Bearer \(token)"])
                planted.secrets.expectNone(in: answer, of: "the page's \(path)")
            }
            let session = try await curl("\(address)/sign-in", ["--data-urlencode", "token=\(token)"])
            planted.secrets.expectNone(in: session, of: "signing in")
        }
        let basic = try await curl("\(address)/", ["-u", "me:\(planted.stranger)"])
        planted.secrets.expectNone(in: basic, of: "the page for a password")
    }

    private func curl(_ url: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name("curl"),
            arguments: Arguments(["-s", "-k", "-i", "-m", "30"] + arguments + [url]),
            output: .string(limit: 1 << 22)
        )
        return result.standardOutput
    }

    private func lookAtCommands(
        _ configuration: String,
        _ volume: PersistentVolume,
        _ planted: Planted,
        _ scenario: Scenario
    ) async throws {
        var commands = [
            ["config", "print"], ["config", "print", "--output", "json"], ["doctor"], ["doctor", "--output", "json"],
            ["archive", "list"], ["archive", "list", "--output", "json"], ["archive", "show", volume.key.name],
            ["archive", "verify"], ["adopt"], ["archive", "list", "--output", "yaml"],
        ]
        for report in ["backups", "usage", "audit"] {
            for format in ["table", "wide", "json", "yaml", "csv", "markdown", "html"] {
                commands.append(["report", report, "--output", format])
            }
        }
        for command in commands {
            let environment = planted.environment.merging(["CONFIG_FILE": configuration]) { $1 }
            let result = try await scenario.run(command, environment)
            #expect(result.code == 0 || command[0] == "doctor", "\(command): \(result.error)")
            planted.secrets.expectNone(in: result.output + result.error, of: "\(command)")
        }
    }

    /// Every event, and what else the controller writes to the API server.
    private func lookAtCluster(_ planted: Planted, _ scenario: Scenario) async throws {
        let kinds = "events,persistentvolumes,persistentvolumeclaims,leases,jobs"
        let objects = try await scenario.kubectl(["get", kinds, "--all-namespaces", "--output", "json"])
        let areThere = objects.contains("HookFailed")
        #expect(areThere)
        planted.secrets.expectNone(in: objects, of: "an object of the cluster")
    }
}
