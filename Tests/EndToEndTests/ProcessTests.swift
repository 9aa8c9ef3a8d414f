import Foundation
import Subprocess
import SystemPackage
import TestBed
import Testing

@testable import Commands

@Suite("The process: settings, exit codes, probes")
struct ProcessTests {
    struct BadStart: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let environment: [String: String]
        let exitCode: Int32
        let sentence: String
        var testDescription: String { sentence }
    }

    @Test(
        "L5: each unusable value is reported on one line, with exit code 2, or 64 for the command line",
        arguments: [
            BadStart(
                arguments: ["controller"],
                environment: ["NFS_SERVER": "nas1"],
                exitCode: 2,
                sentence: "NFS_SERVER is nas1, but NFS_PATH is not set"
            ),
            BadStart(
                arguments: ["controller"],
                environment: ["NFS_SERVER": "nas1", "NFS_PATH": "srv"],
                exitCode: 2,
                sentence: "NFS_PATH is \"srv\": use an absolute path"
            ),
            BadStart(
                arguments: ["controller", "--workers", "many"],
                environment: ["ENABLE_LEADER_ELECTION": "maybe"],
                exitCode: 2,
                sentence:
                    "sb-nfs-provisioner: the environment variable ENABLE_LEADER_ELECTION is \"maybe\": use true or false\n"
                    + "sb-nfs-provisioner: the flag --workers is \"many\": use a number from 1 to 256"
            ),
            BadStart(
                arguments: ["controller"],
                environment: ["NFS_MOUNT_OPTIONS": "nfsvers=4.1"],
                exitCode: 2,
                sentence: "only NFS version 3 is supported"
            ),
            BadStart(
                arguments: ["controller", "--config", "/no/such/file"],
                environment: [:],
                exitCode: 2,
                sentence: "the configuration file /no/such/file cannot be read"
            ),
            BadStart(
                arguments: ["controller", "--kubeconfig", "/no/such/kubeconfig"],
                environment: [:],
                exitCode: 2,
                sentence: "/no/such/kubeconfig"
            ),
            BadStart(
                arguments: ["controller"],
                environment: ["KUBECONFIG": "/no/such/kubeconfig:/proc/self/status"],
                exitCode: 2,
                sentence: "/proc/self/status"
            ),
            BadStart(
                arguments: ["controller", "--kubeconfig", "/proc/self/status"],
                environment: [:],
                exitCode: 2,
                sentence: "/proc/self/status"
            ),
            BadStart(arguments: ["--bogus"], environment: [:], exitCode: 64, sentence: "Unknown option '--bogus'"),
            BadStart(
                arguments: ["archives", "list"],
                environment: [:],
                exitCode: 64,
                sentence: "unknown command \"archives\": did you mean archive?"
            ),
            BadStart(
                arguments: ["serve"],
                environment: [:],
                exitCode: 64,
                sentence: "unknown command \"serve\": --help lists the commands"
            ),
        ]
    )
    func badStart(bad: BadStart) async throws {
        let result = try await Subprocess.run(
            .path(FilePath(BuiltProgram.path)),
            arguments: Arguments(bad.arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: bad.environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
                )
            ),
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        #expect(result.terminationStatus == TerminationStatus.exited(bad.exitCode))
        #expect(result.standardError.contains(bad.sentence), "\(result.standardError)")
    }

    @Test("Without an API server the controller waits, says so, is not ready, and ends cleanly on request")
    func noAPIServer() async throws {
        try await Scenario.run { scenario in
            let config = try String(contentsOfFile: scenario.bed.controllerKubeconfig, encoding: .utf8)
                .replacing(scenario.bed.apiServer, with: "https://127.0.0.1:1")
            let kubeconfig = FileManager.default.temporaryDirectory.appending(path: "\(scenario.id).kubeconfig")
            try config.write(to: kubeconfig, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(at: kubeconfig) }
            let controller = try scenario.startController(["KUBECONFIG": kubeconfig.path()])
            try await eventually("the log names the server") {
                controller.log.contains("https://127.0.0.1:1") && controller.log.contains("connection refused")
            }
            #expect(try await probe("livez", of: controller) == "200")
            #expect(try await probe("readyz", of: controller) == "503")
            controller.signal(SIGTERM)
            try await eventually("the controller ends") { !controller.isRunning }
            #expect(controller.log.contains("stopped"))
            #expect(try scenario.listing(scenario.share) == [])
        }
    }

    @Test("Both replicas are live and ready, including the standby")
    func probes() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController()
            try await eventually("the first leads") { first.log.contains("leading") }
            let second = try scenario.startController()
            try await eventually("the second stands by") { second.log.contains("standing by") }
            for controller in [first, second] {
                #expect(try await probe("livez", of: controller) == "200")
                try await eventually("it is ready") { try await probe("readyz", of: controller) == "200" }
                #expect(try await probe("readyz/cluster", of: controller) == "200")
            }
        }
    }

    @Test("While no export answers the process is live but not ready, and says why")
    func silentExport() async throws {
        try await Scenario.run { scenario in
            let server = try await StoppableNFSServer()
            server.pause()
            let controller = try scenario.startController([
                "NFS_SERVER": "127.0.0.1", "NFS_PATH": server.export.path(),
                "NFS_MOUNT_OPTIONS": server.mountOptions.joined(separator: ","),
            ])
            try await eventually("it looked") { controller.log.contains("export does not answer") }
            try await eventually("the cluster is known") {
                try await probe("readyz/cluster", of: controller) == "200"
            }
            let ready = try await controller.get("readyz")
            #expect(ready.status == "503" && ready.body.contains("[-]exports failed: none of 1 answers\n"))
            #expect(try await probe("readyz/exports", of: controller) == "503")
            #expect(try await probe("livez", of: controller) == "200")
            #expect(try await controller.get("livez?verbose").body.hasPrefix("[+]ping ok\nlivez check passed\n"))
            server.resume()
            try await eventually("it is ready") { try await probe("readyz", of: controller) == "200" }
            withExtendedLifetime((controller, server)) {}
        }
    }

    @Test("config print reports every mistake with its line, or else the effective configuration")
    func configPrint() async throws {
        try await Scenario.run { scenario in
            let bad = try scenario.configuration("nfsServr: x\nworkers: 0\n")
            let refused = try await scenario.run(["config", "print", "--config", bad])
            #expect(refused.code == 2 && refused.output.isEmpty)
            let lines = refused.error.split(separator: "\n")
            #expect(
                lines.count == 2 && lines[0].contains("line 1,") && lines[1].contains("line 2,"),
                "\(refused.error)"
            )
            let good = try scenario.configuration("workers: 7\n")
            let printed = try await scenario.run(
                ["config", "print", "--add-finalizer", "false"],
                ["CONFIG_FILE": good]
            )
            #expect(printed.code == 0)
            #expect(printed.output.contains("workers: 7  # file \(good) line 1\n"))
            #expect(printed.output.contains("addFinalizer: false  # flag --add-finalizer\n"))
            #expect(printed.output.contains("nfsServer: \(scenario.bed.nfsServer)  # environment NFS_SERVER\n"))
            let json = try await scenario.run(["config", "print", "-o", "json"], ["CONFIG_FILE": good])
            #expect(json.code == 0 && json.output.hasPrefix("{"))
        }
    }

    /// The status that a probe answers with.
    private func probe(_ path: String, of controller: ControllerProcess) async throws -> String {
        try await controller.get(path).status
    }

    @Test("--help names every flag; version prints one")
    func help() async throws {
        let help = try await Subprocess.run(
            .path(FilePath(BuiltProgram.path)),
            arguments: ["controller", "--help"],
            output: .string(limit: 1 << 16)
        )
        for flag in Setting.allCases.map(\.flagName) + ["config"] {
            #expect(help.standardOutput.contains("--\(flag) "))
        }
        let version = try await Subprocess.run(
            .path(FilePath(BuiltProgram.path)),
            arguments: ["version"],
            output: .string(limit: 100)
        )
        #expect(version.standardOutput.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
}
