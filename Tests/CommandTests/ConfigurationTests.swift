import Backup
import Logging
import Provisioning
import Testing

@testable import Commands

@Suite("Settings: flag, environment, file (L5)")
struct ConfigurationTests {
    static func configuration(
        flags: [Setting: String] = [:],
        environment: [String: String] = [:],
        file: String? = nil
    ) throws -> ControllerConfiguration {
        let file = try file.map { text throws(ConfigurationError) in
            try ConfigurationFile(path: "settings.yaml", text: text)
        }
        return try ControllerConfiguration(SettingValues(flags: flags, environment: environment, file: file))
    }

    @Test("A flag overrides the environment, the environment the file, the file the default")
    func precedence() throws {
        let file = "workers: 3\nprovisionerName: file\nnfsServer: nas1\nnfsPath: /srv"
        let environment = ["WORKERS": "2", "PROVISIONER_NAME": "environment", "LOG_LEVEL": ""]
        let configuration = try Self.configuration(flags: [.workers: "1"], environment: environment, file: file)
        #expect(configuration.workers == 1)
        #expect(configuration.settings.provisionerName == "environment")
        #expect(configuration.settings.export?.description == "nas1:/srv")
        #expect(configuration.log == LogSettings())
    }

    @Test(
        "nfs-subdir-external-provisioner's names in the environment",
        arguments: [
            (Setting.nfsServer, "NFS_SERVER"), (.nfsPath, "NFS_PATH"), (.provisionerName, "PROVISIONER_NAME"),
            (.enableLeaderElection, "ENABLE_LEADER_ELECTION"), (.kubeconfig, "KUBECONFIG"),
            (.podNamespace, "POD_NAMESPACE"), (.nfsMountOptions, "NFS_MOUNT_OPTIONS"),
        ]
    )
    func environmentNames(setting: Setting, name: String) {
        #expect(setting.environmentName == name)
    }

    @Test("A byte order mark is not part of the first setting's name")
    func byteOrderMark() throws {
        #expect(try Self.configuration(file: "\u{FEFF}workers: 3\n").workers == 3)
    }

    @Test("Lists are YAML lists or comma-separated")
    func lists() throws {
        let file =
            "additionalExports: [nas2:/a, 'nas3:/b']\nadditionalProvisionerNames: x , y\nnfsMountOptions:\n- port=1\n- hard"
        let settings = try Self.configuration(file: file).settings
        #expect(settings.additionalExports.map(\.description) == ["nas2:/a", "nas3:/b"])
        #expect(settings.additionalProvisionerNames == ["x", "y"])
        #expect(settings.mountOptions == ["port=1", "hard"])
    }

    @Test(
        "An unusable value is reported with its location",
        arguments: [
            ("nfsServr: nas1", "nfsServr in settings.yaml, line 2, is not a setting"),
            ("addFinalizer: maybe", "addFinalizer in settings.yaml, line 2, is \"maybe\": use true or false"),
            ("workers: 0", "workers in settings.yaml, line 2, is \"0\": use a number from 1 to 256"),
            ("workers:", "workers in settings.yaml, line 2, is \"\": use a number from 1 to 256"),
            ("httpAddress: '8080'", "httpAddress in settings.yaml, line 2, is \"8080\": use host:port"),
            ("logLevel: loud", "logLevel in settings.yaml, line 2, is \"loud\": use one of trace, debug"),
            ("logFormat: xml", "logFormat in settings.yaml, line 2, is \"xml\": use text or json"),
            ("provisionerName: 'a b'", "provisionerName in settings.yaml, line 2, is \"a b\""),
            ("provisionerName: a/b/c", "provisionerName in settings.yaml, line 2, is \"a/b/c\""),
            ("provisionerName: a.example-", "provisionerName in settings.yaml, line 2, is \"a.example-\""),
            ("additionalExports:\n- nas2", "additionalExports in settings.yaml, line 2, has \"nas2\", which cannot"),
            ("nfsPath: /srv", "nfsPath in settings.yaml, line 2, is /srv, but NFS_SERVER is not set"),
            ("nfsServer: nas", "nfsServer in settings.yaml, line 2, is nas, but NFS_PATH is not set"),
            ("{nfsServer: nas, nfsPath: srv}", "nfsPath in settings.yaml, line 2, is \"srv\": use an absolute path"),
            ("nfsMountOptions: sec=krb5", "nfsMountOptions in settings.yaml, line 2, cannot be used: "),
            ("workers: {a: b}", "workers in settings.yaml, line 2, is neither a value nor a list"),
            ("? [a]\n: b", "a key in settings.yaml, line 2, is not a setting"),
            ("usage:\n  every: 1h", "usage.every in settings.yaml, line 3, is not known"),
            ("hooks:\n- {}", "hooks[0] in settings.yaml, line 3, has no name"),
            ("workers: 1\naddFinalizer: true\nworkers: 2", "settings.yaml, line 2, has workers more than once"),
            ("usage:\n  interval: 1h\n  interval: 2h", "settings.yaml, line 3, has interval more than once"),
            (
                "topology:\n- {export: 'a:/b', labels: {1: [x], '1': [y]}}",
                "labels.1 in settings.yaml, line 3, is given"
            ),
            ("- a", "settings.yaml, line 2, is not a mapping"),
            ("workers: 1\n  a: [", "settings.yaml, line 3, is not YAML: "),
            ("a: *b", "settings.yaml, line 2, is not YAML: found undefined alias"),
            ("workers: 1\n---\nworkers: 2", "is not YAML"),
            ("a: \u{1}", "is not YAML"),
        ]
    )
    func refused(file: String, sentence: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.configuration(file: "# A comment\n\(file)") }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test("Usage is measured once a day unless the file says otherwise")
    func usage() throws {
        #expect(try Self.configuration(file: "workers: 1").usage == UsageSchedule())
        #expect(try !Self.configuration(file: "usage: {enabled: false}").usage.isEnabled)
        let error = #expect(throws: ConfigurationError.self) { try Self.configuration(file: "usage: {every: 1h}") }
        #expect(error?.description.contains("usage.every in settings.yaml, line 1, is not known") == true)
    }

    @Test("The retention policy is a section of the file; without it there is none")
    func retention() throws {
        #expect(try Self.configuration(file: "workers: 1").retention == nil)
        #expect(try Self.configuration(file: "retention: {purgesPerRun: 7}").retention?.purgesPerRun == 7)
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(flags: [.workers: "x"], file: "nfsServr: nas1\nretention:\n  a: b\n  c: d")
        }
        #expect(error?.problems.count == 4, "with the problems of the settings, all at once")
    }

    @Test("Hooks are a section of the file; their mistakes are reported with those of the settings")
    func hooks() throws {
        #expect(try Self.configuration(file: "workers: 1").hooks.isEmpty)
        let file = "hooks:\n- {name: a, phase: afterArchive, exec: {command: [x]}}"
        #expect(try Self.configuration(file: file).hooks.map(\.name) == ["a"])
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(flags: [.workers: "x"], file: "retention: {a: b}\n\(file)\n- {name: b}")
        }
        let hooks = "hooks[1] in settings.yaml, line 4, has"
        #expect(error?.problems.count == 4 && error?.problems.count { $0.hasPrefix(hooks) } == 2)
    }

    @Test("Mistakes in the file are reported by line, after those of flags and environment")
    func order() {
        let file = "workers: x\nretention: {a: b}\nnfsServr: y\naddFinalizer: z"
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(environment: ["LOG_LEVEL": "x"], file: file)
        }
        let lines = error?.problems.map { $0.firstMatch(of: /line (\d)/).map { String($0.1) } ?? "" }
        #expect(lines == ["", "1", "2", "3", "4"])
    }

    @Test("An empty file sets nothing, nor does a file of comments", arguments: ["", "\n", "# nothing", "---\n", "{}"])
    func empty(file: String) throws {
        #expect(try Self.configuration(file: file) == Self.configuration())
    }

    @Test("All problems are reported together")
    func allProblems() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(flags: [.workers: "x"], environment: ["LOG_LEVEL": "x", "NFS_SERVER": "x"])
        }
        #expect(error?.problems.count == 3)
    }

    @Test(
        "Where to listen",
        arguments: [
            ("127.0.0.1:8080", SocketAddress(host: "127.0.0.1", port: 8080)),
            ("[::]:1", SocketAddress(host: "::", port: 1)), (":8080", SocketAddress(host: "0.0.0.0", port: 8080)),
            ("8080", nil), ("host:", nil), ("host:70000", nil),
        ] as [(String, SocketAddress?)]
    )
    func socketAddress(text: String, address: SocketAddress?) {
        #expect(SocketAddress(text) == address)
    }
}
