import Foundation
import Presentation
import Provisioning
import TestBed
import Testing

@testable import Commands

@Suite("config print")
struct ConfigurationReportTests {
    private func report(
        flags: [Setting: String] = [:],
        environment: [String: String] = [:],
        file: String? = nil
    ) throws -> ConfigurationReport {
        let file = try file.map { try ConfigurationFile(path: "/etc/c.yaml", text: $0) }
        let values = SettingValues(flags: flags, environment: environment, file: file)
        return ConfigurationReport(try ControllerConfiguration(values), values)
    }

    @Test("Each value is printed with its source")
    func sources() throws {
        let report = try report(
            flags: [.nfsServer: "nas1"],
            environment: ["NFS_PATH": "/srv", "WORKERS": "2"],
            file:
                "# mine\nlogLevel: debug\nworkers: 3\nretention:\n  interval: 2h\nadditionalExports: ['nas2:/a', 'nas3:/b']"
        )
        let lines = try report.yaml.split(separator: "\n")
        for line in [
            "nfsServer: nas1  # flag --nfs-server", "nfsPath: /srv  # environment NFS_PATH",
            "workers: 2  # environment WORKERS", "logLevel: debug  # file /etc/c.yaml line 2",
            "additionalExports: ['nas2:/a', 'nas3:/b']  # file /etc/c.yaml line 6", "addFinalizer: true  # default",
            "# podName is not set  # default", "# hooks is not set  # default", "  volumesPerMinute: 60",
        ] { #expect(lines.contains(Substring(line)), "\(line)") }
        let retention = "# file /etc/c.yaml line 4\nretention:\n  interval: 2h\n  purgesPerRun: 100\n  dryRun: false\n"
        #expect(try report.yaml.contains(retention))
    }

    @Test("The same as JSON")
    func json() throws {
        struct Document: Decodable {
            struct Setting: Decodable {
                let value: Int
                let source: String
            }
            struct Settings: Decodable { let workers: Setting }
            struct Section: Decodable {
                struct Usage: Decodable { let volumesPerMinute: Int }
                let value: Usage
                let source: String
            }
            struct Sections: Decodable { let usage: Section }
            let version: Int
            let settings: Settings
            let sections: Sections
        }
        let text = try Output.render(try report(file: "workers: 3\nusage: {volumesPerMinute: 7}"), as: .json)
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        #expect(document.settings.workers.value == 3 && document.settings.workers.source == "file /etc/c.yaml line 1")
        #expect(document.sections.usage.value.volumesPerMinute == 7 && document.version == 1)
        #expect(document.sections.usage.source == "file /etc/c.yaml line 2")
    }

    @Test("What is printed, given back as the file, is the same configuration, wherever the values came from")
    func roundTrip() async throws {
        await forRandomCases(100) { generator in
            let (flags, environment, text) = Self.sample(&generator)
            let file = try ConfigurationFile(path: "/etc/c.yaml", text: text)
            let values = SettingValues(flags: flags, environment: environment, file: file)
            let configuration: ControllerConfiguration
            do {
                configuration = try ControllerConfiguration(values)
            } catch {
                Issue.record("a sample cannot be used: \(error)\n\(text)")
                return false
            }
            let printed = try ConfigurationReport(configuration, values).yaml
            let again = try ControllerConfiguration(
                SettingValues(flags: [:], environment: [:], file: ConfigurationFile(path: "again", text: printed))
            )
            #expect(again == configuration, "\(text)\nis printed as\n\(printed)")
            return true
        }
    }

    private static let samples: [Setting: [String]] = [
        .provisionerName: ["a.example/b", "true", "1"],
        .additionalProvisionerNames: ["", "x", "x,null,1.0", "a: b,# c"],
        .nfsMountOptions: ["", "port=2049", "hard,timeo=100"],
        .additionalExports: ["", "nas2:/a b", "[fd00::1]:/x,nas:/#y"],
        .addFinalizer: ["true", "F"], .allowEmptyPlaceholders: ["T", "false"],
        .expansionOvercommitLimit: ["1", "2.5", "1e300", "0.001"],
        .enableLeaderElection: ["0"], .podNamespace: ["a", "- b", "'", "\"", "x\ty"], .podName: ["@p", "ü \u{1F980}"],
        .kubeconfig: ["/a:/b", "{c}"], .workers: ["1", "256"], .httpAddress: [":0", "[::1]:8080", "localhost:1"],
        .logLevel: ["debug", "nfs=trace,error"], .logFormat: ["JSON", "text"],
    ]

    private static let sections = [
        "usage: {enabled: false}", "usage:\n  interval: 90m\n", "retention: {}",
        "retention:\n  dryRun: true\n  default: {keepFor: 30d}\n  rules:\n  - classes: [\"1\", 'no']\n    keepLast: 3\n",
        "topology:\n- export: nas:/x\n  labels: {zone: [a, \"1\"], \"y\": ['~']}\n",
        "reports: {insecure: true, listen: '[::]:1'}", "reports: {tls: {certificateFile: a, keyFile: 'b c'}}",
        """
        hooks:
        - name: "1"
          phase: beforeArchive
          selector: {namespaces: [a], claims: {matchExpressions: [{key: k, operator: In, values: ["yes", ""]}]}}
          timeout: 1h30m
          exec:
            command: ["sh", "-c", 'echo "$A" > /x', "", "--password-file=/run/p"]
        - &first
          name: j
          phase: beforeArchive
          job:
            template:
              metadata: {annotations: {a: "true", b: 'null', c: "0x1"}}
              spec:
                restartPolicy: Never
                containers:
                - name: c
                  image: i
                  args:
                  - |
                    two
                      lines
                  - >-
                    folded
                    text
                  env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: token}}}, {name: A, value: "$(TOKEN)"}]
        - {name: h, phase: afterArchive, retries: 2, onError: Continue, http: {url: 'https://h:1/', secretFile: /s}}
        - {name: c, phase: beforePurge, copy: {to: 'nas:/c', mountOptions: [port=1], verify: false}}
        """,
    ]

    private static func sample(_ generator: inout SeededGenerator)
        -> (flags: [Setting: String], environment: [String: String], file: String)
    {
        var (flags, environment, lines): ([Setting: String], [String: String], [String]) = ([:], [:], [])
        var given = samples.filter { _ in Bool.random(using: &generator) }
            .compactMapValues { $0.randomElement(using: &generator) }
        if Bool.random(using: &generator) { (given[.nfsServer], given[.nfsPath]) = ("nas#1", "/s rv/#\u{e9}") }
        for (setting, value) in given {
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: flags[setting] = value
            case 1: environment[setting.environmentName] = value
            default: lines.append("\(setting.fileKey): \(value.quoted)")
            }
        }
        var names: Set<Substring> = []
        for section in sections.shuffled(using: &generator) where Bool.random(using: &generator) {
            if names.insert(section.prefix { $0 != ":" }).inserted { lines.append(section) }
        }
        return (flags, environment, lines.joined(separator: "\n"))
    }

    @Test(
        "What may be a secret is not printed",
        arguments: [
            "http: {url: 'https://h/services/SECRET'}", "http: {url: 'https://h/?a=SECRET'}",
            "exec: {command: [sh, -c, \"PGPASSWORD='SECRET' pg_dump\"]}",
            "exec: {command: [sh, -c, 'dump --password SECRET db']}",
            "exec: {command: [sh, -c, 'MYSQL_PWD=SECRET dump']}",
            "exec: {command: [curl, -H, 'X-Vault-Token: SECRET']}",
            "exec: {command: [curl, -d, '{\"password\":\"SECRET\"}']}",
            "job: {template: {metadata: {annotations: {api-token: SECRET}}, spec: {containers: [{name: c, image: i}]}}}",
            "exec: {command: [x, --password, SECRET]}", "exec: {command: [x, --token=SECRET]}",
            "exec: {command: [sh, -c, 'AWS_SECRET_ACCESS_KEY=SECRET run']}",
            "exec: {command: [curl, 'https://me:SECRET@host/']}",
            "exec: {command: [curl, -H, 'Authorization: Bearer SECRETSECRET']}",
            "job: {template: {spec: {containers: [{name: c, image: i, env: [{name: DB_PASSWORD, value: SECRET}]}]}}}",
        ]
    )
    func secrets(action: String) throws {
        let report = try report(file: "hooks:\n- name: h\n  phase: afterArchive\n  \(action)\n")
        #expect(try !report.yaml.contains("SECRET\n") && !report.yaml.contains("=SECRET"))
        #expect(try report.yaml.hasPrefix("# Values that may be secrets and are not shown: 1."))
        for text in try [report.yaml, Output.render(report, as: .json)] {
            #expect(text.contains("(not shown)"))
            #expect(text.replacing("AWS_SECRET_ACCESS_KEY", with: "").contains("SECRET") == false)
        }
    }
}
