import Presentation
import Provisioning
import Settings
import Testing
import Yams

@testable import Backup

@Suite("Retention: the section of the configuration file")
struct RetentionPolicyTests {
    static func policy(_ yaml: String) throws -> RetentionPolicy {
        let node = try #require(try Yams.compose(yaml: yaml)?["retention"])
        return try RetentionPolicy(node, file: "settings.yaml")
    }

    @Test("Every setting")
    func everything() throws {
        let policy = try Self.policy(
            """
            retention:
              interval: 10m
              purgesPerRun: 5
              dryRun: true
              claimAnnotations: [keep-for, keep-last]
              default: {keepFor: 30d, keepLast: 3, minimumAge: 7d}
              rules:
                - namespaces: [billing, ledger]
                  classes: [fast]
                  keepFor: forever
                - keepLast: 0
                  minimumAge: 1d
            """
        )
        #expect(policy.interval.seconds == 600 && policy.purgesPerRun == 5 && policy.isDryRun)
        #expect(policy.honouredRequests == [.keepFor, .keepLast])
        let week = RetentionPeriod.age(Age(seconds: 7 * 86_400))
        let month = RetentionPeriod.age(Age(seconds: 30 * 86_400))
        #expect(policy.standard == RetentionRule(keepFor: month, keepLast: 3, minimumAge: week))
        let first = RetentionRule(
            namespaces: ["billing", "ledger"],
            classes: ["fast"],
            keepFor: .forever,
            minimumAge: week
        )
        let second = RetentionRule(keepLast: 0, minimumAge: .age(Age(seconds: 86_400)))
        #expect(policy.rules == [first, second], "a rule without a minimum age has the default's")
        #expect("\(first)" == "rule for namespace billing, ledger and class fast" && "\(second)" == "rule for all")
    }

    @Test("Defaults: once an hour, a hundred at most, no request counts, nothing is purged")
    func empty() throws {
        let policy = try Self.policy("retention: {}")
        #expect(policy.interval.seconds == 3600 && policy.purgesPerRun == 100 && !policy.isDryRun)
        #expect(policy.honouredRequests.isEmpty && policy.rules.isEmpty && policy.standard == nil)
    }

    @Test(
        "A mistake is reported with its line",
        arguments: [
            ("retention:", "retention in settings.yaml, line 1, is not a mapping: write interval,"),
            ("retention: []", "retention in settings.yaml, line 1, is not a mapping"),
            ("retention:\n  intervall: 1h", "retention.intervall in settings.yaml, line 2, is not known: use interval"),
            (
                "retention:\n  interval: 0s",
                "retention.interval in settings.yaml, line 2, is \"0s\": use a duration from 1s"
            ),
            ("retention:\n  interval: 366d", "is \"366d\": use a duration from 1s to 365d"),
            ("retention:\n  interval: [1h]", "retention.interval in settings.yaml, line 2, is not a single value"),
            ("retention:\n  interval: \"1\\n2\"", "is \"1\\n2\": use a duration"),
            ("retention:\n  purgesPerRun: 0", "is \"0\": use a number from 1 to 100000"),
            ("retention:\n  dryRun: maybe", "is \"maybe\": use true or false"),
            ("retention:\n  dryRun:", "is \"\": use true or false"),
            ("retention:\n  [a]: 1", "retention in settings.yaml, line 2, has a key that is not a single value"),
            ("retention:\n  claimAnnotations: keep-for", "claimAnnotations in settings.yaml, line 2, is not a list"),
            (
                "retention:\n  claimAnnotations:\n  - keep-for\n  - keep",
                "retention.claimAnnotations[1] in settings.yaml, line 4, is \"keep\": use keep-for or keep-last"
            ),
            (
                "retention:\n  default:\n    keepFor: 30",
                "retention.default.keepFor in settings.yaml, line 3, is \"30\""
            ),
            ("retention:\n  default: {keepFor: 36501d}", "up to 36500d, or forever"),
            ("retention:\n  default: {keepLast: -1}", "is \"-1\": use a number of archives"),
            (
                "retention:\n  default: {namespaces: [a]}",
                "retention.default.namespaces in settings.yaml, line 2, is not known"
            ),
            ("retention:\n  rules: {keepFor: 1d}", "retention.rules in settings.yaml, line 2, is not a list"),
            ("retention:\n  rules:\n  - all", "retention.rules[0] in settings.yaml, line 3, is not a mapping"),
            ("retention:\n  rules:\n  - namespaces: []", "line 3, is empty: name some, or leave it out for all"),
            (
                "retention:\n  rules:\n  - classes: ['']",
                "retention.rules[0].classes[0] in settings.yaml, line 3, is \"\""
            ),
        ]
    )
    func mistakes(yaml: String, sentence: String) {
        let error = #expect(throws: SectionError.self) { try Self.policy(yaml) }
        #expect(
            error?.problems.count == 1 && error?.description.contains(sentence) == true,
            "\(error?.description ?? "")"
        )
    }

    @Test("All mistakes are reported together")
    func allMistakes() {
        let yaml = "retention:\n  interval: x\n  y: 1\n  default: {keepLast: z}\n  rules:\n  - keepFor: w\n  - 1"
        let error = #expect(throws: SectionError.self) { try Self.policy(yaml) }
        let lines = error?.problems.compactMap(\.line) ?? []
        #expect(lines == [2, 3, 4, 6, 7])
    }
}
