import Kubernetes
import Provisioning
import Testing
import Yams

@testable import Backup

@Suite("Hooks in the configuration")
struct HookConfigurationTests {
    private func hooks(_ text: String) throws -> [Hook] {
        let node = try #require(try Yams.compose(yaml: text)?.mapping?["hooks"])
        return try HookConfiguration.hooks(from: node, path: "config.yaml")
    }

    private func problems(_ text: String) throws -> [String] {
        let error = #expect(throws: HookConfigurationError.self) { try hooks(text) }
        return error?.description.split(separator: "\n").map(String.init) ?? []
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
            "2: name of hook “Bad_Name” is “Bad_Name”",
            "3: phase of hook “Bad_Name” is “sometimes”: use one of afterProvision",
            "4: timeout", "5: onError", "6: retries", "7: hook “Bad_Name” has no key “shell”",
            "8: exec of hook “Bad_Name” has no command", "8: stdin", "9: hook “two” has several of job, http and exec",
            "18: operator", "19: a condition of claims of selector of hook “web”: the operator In needs values",
            "20: url of http of hook “web”", "25: job of hook “work” has no list template.spec.containers",
            "29: a hook before is also called “web”",
        ]
        for (problem, start) in zip(problems, expected) {
            #expect(problem.hasPrefix("config.yaml:\(start)"), "\(problem)")
        }
        #expect(problems.count == expected.count, "\(problems.joined(separator: "\n"))")
    }

    @Test(arguments: [
        ("activeDeadlineSeconds: 5, template: {spec: {containers: [{name: c, image: i}]}}", "use the hook's timeout"),
        ("template: {spec: {restartPolicy: Always, containers: [{name: c, image: i}]}}", "restartPolicy"),
        ("template: {spec: {volumes: [{name: sb-nfs-volume}], containers: [{name: c, image: i}]}}", "sb-nfs-volume"),
        ("template: {spec: {containers: [{name: c}]}}", "without name or image"),
        (
            "template: {spec: {containers: [{name: c, image: i, volumeMounts: [{mountPath: /data}]}]}}",
            "has a mount at /data"
        ),
    ])
    func aTemplateThatCannotWorkIsRefused(spec: String, reason: String) throws {
        let problems = try problems("hooks:\n  - name: j\n    phase: beforeArchive\n    job:\n      spec: {\(spec)}")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("config.yaml:5: ") ?? false)
        #expect(problems.first?.contains(reason) ?? false, "\(problems)")
    }

    @Test(arguments: [("1s", 1), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("7d", 604_800)])
    func timesAreWrittenAsPeopleDo(text: String, seconds: Int) {
        #expect(Duration(configured: text) == .seconds(seconds))
    }

    @Test(arguments: ["", "0s", "5", "30m1h", "8d", "-1s", "1.5h", "99999999999s"])
    func otherTimesAreNone(text: String) {
        #expect(Duration(configured: text) == nil)
    }
}
