import Kubernetes
import NFS
import Provisioning
import Settings
import Testing
import Yams

@testable import Backup

@Suite("Hooks in the configuration")
struct HookConfigurationTests {
    private func hooks(_ text: String) throws -> [Hook] {
        let node = try #require(try Yams.compose(yaml: text)?.mapping?["hooks"])
        return try [Hook](node, file: "config.yaml")
    }

    private func problems(_ text: String) throws -> [String] {
        let error = #expect(throws: SectionError.self) { try hooks(text) }
        return error?.problems.map(\.description) ?? []
    }

    @Test func everythingThatCanBeSaidIsUnderstood() throws {
        let hooks = try hooks(
            """
            hooks:
              - name: restic
                phase: beforeArchive
                selector:
                  classes: [gold]
                  namespaces: [shop]
                  claims:
                    matchLabels: {app: db}
                    matchExpressions:
                      - {key: tier, operator: NotIn, values: [scratch]}
                timeout: 1h30m
                onError: Continue
                retries: 2
                executionPolicy: OnSuccess
                exec:
                  command: [restic, backup, --stdin]
                  stdin: tar
                  passEnvironment: [RESTIC_PASSWORD_FILE]
              - name: tell
                phase: afterArchive
                http: {url: "https://backup.example.com/hook", caFile: /ca, secretFile: /secret, tokenFile: /token}
              - name: copy
                phase: beforePurge
                job:
                  mountPath: /volume
                  readOnly: false
                  ttlSecondsAfterFinished: 60
                  template:
                    spec:
                      containers:
                        - name: c
                          image: "backup:1"
                          args: ["true", 7]
                          resources: {limits: {cpu: 0.5, memory: 1Gi}}
            """
        )
        var exec = ExecHook(command: ["restic", "backup", "--stdin"])
        exec.stdin = .tar
        exec.passEnvironment = ["RESTIC_PASSWORD_FILE"]
        var restic = Hook(name: "restic", phase: .beforeArchive, action: .exec(exec), timeout: .seconds(5400))
        restic.selector.classes = ["gold"]
        restic.selector.namespaces = ["shop"]
        restic.selector.claims = LabelSelector(
            matchLabels: ["app": "db"],
            matchExpressions: [LabelSelector.Requirement(key: "tier", operator: "NotIn", values: ["scratch"])]
        )
        restic.onError = .continue
        restic.retries = 2
        restic.executionPolicy = .onSuccess
        var http = HTTPHook(url: "https://backup.example.com/hook")
        http.caFile = "/ca"
        http.secretFile = "/secret"
        http.tokenFile = "/token"
        let container: JSONValue = [
            "name": "c", "image": "backup:1", "args": ["true", 7],
            "resources": ["limits": ["cpu": .number(0.5), "memory": "1Gi"]],
        ]
        var job = JobHook(spec: ["template": ["spec": ["containers": [container]]]])
        job.mountPath = "/volume"
        job.readOnly = false
        job.ttlSecondsAfterFinished = 60
        #expect(
            hooks == [
                restic,
                Hook(name: "tell", phase: .afterArchive, action: .http(http), timeout: .seconds(30)),
                Hook(name: "copy", phase: .beforePurge, action: .job(job), timeout: .seconds(3600)),
            ]
        )
    }

    @Test func aCopyGoesToAnExportOrAFolder() throws {
        let hooks = try hooks(
            """
            hooks:
              - {name: far, phase: beforeArchive, copy: {to: "nas2:/srv/backup", mountOptions: [port=2050]}}
              - {name: near, phase: afterArchive, copy: {to: /backup, compression: none, verify: false}}
            """
        )
        let address = ExportAddress(server: "nas2", path: "/srv/backup")
        let far = CopyHook(to: .export(address, ConnectionOptions(port: 2050)))
        var near = CopyHook(to: .folder("/backup"))
        near.compression = .none
        near.verify = false
        #expect(hooks.map(\.action) == [.copy(far), .copy(near)])
        #expect(hooks.map(\.timeout) == [.seconds(3600), .seconds(3600)])
    }

    @Test func aCopyThatCannotBeMadeIsToldWithItsLine() throws {
        let problems = try problems(
            """
            hooks:
              - name: a
                phase: beforeArchive
                copy: {to: backup, compression: gzip}
              - name: b
                phase: beforeArchive
                copy: {to: "nas2:/srv", mountOptions: [vers=4]}
              - name: c
                phase: beforeArchive
                copy: {to: /backup, mountOptions: [port=2049]}
              - name: d
                phase: beforeArchive
                copy: {verify: true}
            """
        )
        let beginnings = [
            "hooks[0].copy.compression in config.yaml, line 4, is \"gzip\": use one of zstd, none",
            "hooks[0].copy.to in config.yaml, line 4, is \"backup\": use server:/path",
            "hooks[1].copy.mountOptions in config.yaml, line 7, cannot be used: the NFS mount option",
            "hooks[2].copy.mountOptions in config.yaml, line 10, does not apply to a local folder",
            "hooks[3].copy in config.yaml, line 13, has no to",
        ]
        #expect(problems.count == beginnings.count, "\(problems)")
        for (problem, beginning) in zip(problems, beginnings) {
            #expect(problem.hasPrefix(beginning), "\(problem)")
        }
    }

    @Test func everyMistakeIsToldWithItsLine() throws {
        let problems = try problems(
            """
            hooks:
              - name: Bad_Name
                phase: sometimes
                timeout: soon
                onError: Ignore
                retries: 99
                shell: true
                exec: {command: [], stdin: file}
              - name: two
                phase: beforeArchive
                http: {url: "http://user:pw@host/"}
                exec: {command: [true]}
              - name: web
                phase: beforeArchive
                selector:
                  claims:
                    matchExpressions:
                      - {key: a, operator: Near}
                      - {key: a, operator: In}
                http: {url: "http://user:pw@host/"}
              - name: work
                phase: beforeArchive
                job:
                  template:
                    spec: {containers: []}
              - name: web
                phase: beforeArchive
                http: {url: "https://host/"}
              - name: web
                phase: afterArchive
                http: {url: "https://host/"}
            """
        )
        let expected = [
            "hooks[0].name in config.yaml, line 2, is \"Bad_Name\": use lower-case letters",
            "hooks[0].phase in config.yaml, line 3, is \"sometimes\": use one of afterProvision",
            "hooks[0].timeout in config.yaml, line 4, is \"soon\": use a duration from 1s to 7d, such as 1h30m",
            "hooks[0].onError in config.yaml, line 5, is \"Ignore\": use one of Fail, Continue",
            "hooks[0].retries in config.yaml, line 6, is \"99\": use a number from 0 to 10",
            "hooks[0].shell in config.yaml, line 7, is not known: use name, phase,",
            "hooks[0].exec.command in config.yaml, line 8, has no program",
            "hooks[0].exec.stdin in config.yaml, line 8, is \"file\": use one of none, json, tar",
            "hooks[1] in config.yaml, line 9, has several actions: use one of job, http, exec and copy",
            "hooks[2].selector.claims.matchExpressions[0].operator in config.yaml, line 18, is \"Near\": use one of In,",
            "hooks[2].selector.claims.matchExpressions[1] in config.yaml, line 19, has no values: list some",
            "hooks[2].http.url in config.yaml, line 20, cannot be used: use an https address",
            "hooks[3].job.template in config.yaml, line 24, has no containers",
            "hooks[5] in config.yaml, line 29, has the name \"web\" of an earlier hook",
        ]
        for (problem, start) in zip(problems, expected) { #expect(problem.hasPrefix(start)) }
        #expect(problems.count == expected.count, "\(problems.joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("1", "hooks[0] in config.yaml, line 2, is not a mapping"),
        ("{phase: afterArchive, exec: {command: [x]}}", "line 2, has no name"),
        ("{name: a, exec: {command: [x]}}", "line 2, has no phase"),
        ("{name: a, phase: afterArchive}", "line 2, has no action: use one of job, http, exec and copy"),
        ("{name: a, phase: afterArchive, http: {}}", "hooks[0].http in config.yaml, line 2, has no url"),
        ("{name: a, phase: afterArchive, exec: {}}", "hooks[0].exec in config.yaml, line 2, has no command"),
        ("{name: a, phase: afterArchive, exec: {command: x}}", "exec.command in config.yaml, line 2, is not a list"),
        ("{name: a, phase: afterArchive, exec: {command: ['']}}", "has no program"),
        (
            "{name: a, phase: afterArchive, exec: {command: [x, [y]]}}",
            "exec.command[1] in config.yaml, line 2, is not a"
        ),
        ("{name: a, phase: afterArchive, exec: {command: [x], passEnvironment: ['']}}", "passEnvironment[0] in"),
        ("{name: a, phase: afterArchive, job: {}}", "hooks[0].job in config.yaml, line 2, has neither of spec"),
        ("{name: a, phase: afterArchive, job: {spec: {}, template: {}}}", "has both of spec"),
        ("{name: a, phase: afterArchive, selector: {classes: []}, exec: {command: [x]}}", "selector.classes in"),
        (
            "{name: a, phase: afterArchive, selector: {claims: {matchLabels: [a]}}, exec: {command: [x]}}",
            "claims.matchLabels in config.yaml, line 2, is not a mapping"
        ),
        (
            "{name: a, phase: afterArchive, selector: {claims: {matchLabels: {b: [c]}}}, exec: {command: [x]}}",
            "claims.matchLabels.b in config.yaml, line 2, is not a single value"
        ),
        (
            """
            {name: a, phase: afterArchive, exec: {command: [x]}, selector: {claims: {matchExpressions: [
              {key: a, operator: Exists, values: [b]}]}}}
            """,
            "matchExpressions[0] in config.yaml, line 3, has values: leave them out for the operator Exists"
        ),
        (
            "{name: a, phase: afterArchive, exec: {command: [x]}, selector: {claims: {matchExpressions: [{key: a}]}}}",
            "matchExpressions[0] in config.yaml, line 2, has no operator"
        ),
    ])
    func aMistakeIsToldOnce(hook: String, sentence: String) throws {
        let problems = try problems("hooks:\n  - \(hook)")
        #expect(problems.count == 1 && problems.first?.contains(sentence) ?? false, "\(problems)")
    }

    @Test func aListOfHooksIsNeeded() throws {
        #expect(
            try problems("hooks: {name: a}") == [
                "hooks in config.yaml, line 1, is not a list: begin each element with a dash"
            ]
        )
    }

    @Test func noSecretOfAnAddressIsRepeated() throws {
        let web = "{name: a, phase: afterArchive, http: {url: 'https://user:planted@host/'}}"
        let problems = try problems("hooks:\n  - \(web)")
        #expect(problems.count == 1 && !problems.description.contains("planted"), "\(problems)")
    }

    @Test(arguments: [
        ("activeDeadlineSeconds: 5, template: {spec: {containers: [{name: c, image: i}]}}", "use the hook's timeout"),
        ("template: {spec: {restartPolicy: Always, containers: [{name: c, image: i}]}}", "restartPolicy"),
        ("template: {spec: {volumes: [{name: sb-nfs-volume}], containers: [{name: c, image: i}]}}", "sb-nfs-volume"),
        ("template: {spec: {containers: [{name: c}]}}", "without name or image"),
        (
            "template: {spec: {containers: [{name: c, image: i, volumeMounts: [{mountPath: /data}]}]}}",
            "a container c with a mount at /data"
        ),
    ])
    func aTemplateThatCannotWorkIsRefused(spec: String, reason: String) throws {
        let problems = try problems("hooks:\n  - name: j\n    phase: beforeArchive\n    job:\n      spec: {\(spec)}")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("hooks[0].job.spec in config.yaml, line 5, ") ?? false)
        #expect(problems.first?.contains(reason) ?? false, "\(problems)")
    }

    @Test(arguments: [
        ("mountPath: /", "mountPath"), ("mountPath: data", "mountPath"), ("mountPath: '/a:b'", "mountPath"),
        ("readOnly: perhaps", "readOnly"), ("ttlSecondsAfterFinished: -1", "ttlSecondsAfterFinished"),
        ("ttlSecondsAfterFinished: 2147483648", "ttlSecondsAfterFinished"), ("image: i", "image"),
    ])
    func anOptionOfAJobThatCannotBeIsRefused(option: String, key: String) throws {
        let job = "job:\n      \(option)\n      template: {spec: {containers: [{name: c, image: i}]}}"
        let problems = try problems("hooks:\n  - name: j\n    phase: beforeArchive\n    \(job)")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("hooks[0].job.\(key) in config.yaml, line 5, is ") ?? false, "\(problems)")
    }

    @Test(arguments: [("1s", 1), ("1h30m", 5400), ("7d", 604_800), ("1w", 604_800)])
    func aTimeoutIsASecondToAWeek(text: String, seconds: Int) throws {
        let hook = "name: a, phase: afterArchive, exec: {command: [x]}"
        #expect(try hooks("hooks: [{\(hook), timeout: \(text)}]").first?.timeout == .seconds(seconds))
        for text in ["0s", "8d"] {
            #expect(
                try problems("hooks: [{\(hook), timeout: \(text)}]").first?.contains("is \"\(text)\": use a duration")
                    ?? false
            )
        }
    }
}
