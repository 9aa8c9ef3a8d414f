import Kubernetes
import NFS
import Presentation
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Retention: what a policy decides")
struct RetentionReviewTests {
    static let now = Timestamp(seconds: 2_000_000_000)
    static let export = ExportPath.sample

    static func period(days: Int64) -> RetentionPeriod { .age(Age(seconds: days * 86_400)) }

    static func daysAgo(_ days: Int64) -> Timestamp { Timestamp(seconds: now.seconds - days * 86_400) }

    static func record(
        _ id: String = "pvc-1",
        days: Int64 = 10,
        change: (inout ArchiveRecord) -> Void = { _ in }
    ) -> ArchiveRecord {
        var record = ArchiveRecord.sample(id, at: daysAgo(days))
        change(&record)
        return record
    }

    static func policy(
        _ standard: RetentionRule?,
        rules: [RetentionRule] = [],
        heeded: Set<RetentionRequest> = []
    ) -> RetentionPolicy {
        var policy = RetentionPolicy()
        (policy.standard, policy.rules, policy.honouredRequests) = (standard, rules, heeded)
        return policy
    }

    static func review(_ records: [ArchiveRecord], _ policy: RetentionPolicy) -> RetentionReview {
        review(records.map { .archive($0) }, policy)
    }

    static func review(
        _ entries: [CatalogueEntry],
        _ policy: RetentionPolicy,
        protection: ArchiveProtection = .none
    ) -> RetentionReview {
        RetentionReview(of: entries, policy: policy, now: now, protection: protection, on: export)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rule: RetentionRule?
        let expected: RetentionVerdict

        init(_ testDescription: String, _ rule: RetentionRule?, _ expected: RetentionVerdict) {
            (self.testDescription, self.rule, self.expected) = (testDescription, rule, expected)
        }
    }

    @Test(
        "An archive of ten days, the only one of its claim",
        arguments: [
            Row("no rule", nil, .keep(until: nil, why: "no rule applies")),
            Row("neither keepFor nor keepLast", RetentionRule(), .keep(until: nil, why: "forever (default rule)")),
            Row(
                "keepFor: forever",
                RetentionRule(keepFor: .forever),
                .keep(until: nil, why: "forever (default rule)")
            ),
            Row(
                "younger than keepFor",
                RetentionRule(keepFor: period(days: 30)),
                .keep(until: daysAgo(-20), why: "younger than 30d (default rule)")
            ),
            Row(
                "as old as keepFor",
                RetentionRule(keepFor: period(days: 10)),
                .purge(since: now, why: "retention: older than 10d (default rule)")
            ),
            Row(
                "older than keepFor, younger than minimumAge",
                RetentionRule(keepFor: period(days: 1), minimumAge: period(days: 11)),
                .keep(until: daysAgo(-1), why: "younger than 11d (default rule)")
            ),
            Row(
                "older than both",
                RetentionRule(keepFor: period(days: 1), minimumAge: period(days: 7)),
                .purge(since: daysAgo(3), why: "retention: older than 7d (default rule)")
            ),
            Row(
                "minimumAge: forever",
                RetentionRule(keepFor: period(days: 1), minimumAge: .forever),
                .keep(until: nil, why: "forever (default rule)")
            ),
            Row(
                "among the newest, though older than keepFor",
                RetentionRule(keepFor: period(days: 1), keepLast: 1),
                .keep(until: nil, why: "among the 1 newest of its claim (default rule)")
            ),
            Row(
                "keepLast alone, and none is kept",
                RetentionRule(keepLast: 0, minimumAge: period(days: 7)),
                .purge(
                    since: daysAgo(3),
                    why: "retention: older than 7d and not among the 0 newest of its claim (default rule)"
                )
            ),
        ]
    )
    func values(row: Row) {
        #expect(Self.review([Self.record()], Self.policy(row.rule)).verdicts["pvc-1"] == row.expected)
    }

    @Test("The first rule that matches by namespace and class applies; missing lists match all")
    func rules() {
        let rules = [
            RetentionRule(namespaces: ["billing"], classes: ["slow"], keepFor: .forever),
            RetentionRule(namespaces: ["billing"], keepFor: Self.period(days: 5)),
            RetentionRule(classes: ["fast"], keepFor: .forever),
        ]
        let policy = Self.policy(RetentionRule(keepFor: Self.period(days: 7)), rules: rules)
        let records = [
            Self.record("both") { $0.place("billing", "slow") },
            Self.record("namespace") { $0.place("billing", "fast") },
            Self.record("class") { $0.place("clinic", "fast") },
            Self.record("neither") { $0.place("clinic", "other") },
        ]
        let expired = Self.review(records, policy).expired.map { "\($0.record.id): \($0.why)" }
        let expected = [
            "namespace: retention: older than 5d (rule for namespace billing)",
            "neither: retention: older than 7d (default rule)",
        ]
        #expect(expired == expected)
    }

    @Test("keepLast counts the archives of one claim; archives being made or removed do not count")
    func newest() {
        let policy = Self.policy(RetentionRule(keepLast: 2))
        let other = ArchiveRecord.State.allWithDirectoryButArchived.map { state in
            Self.record("\(state)", days: 1) { $0.state = state }
        }
        let records =
            [("c1", 4), ("c2", 3), ("c3", 2), ("c4", 2)].map { Self.record($0, days: $1) } + other + [
                Self.record("another", days: 9) { $0.claim?.name = "another" },
                Self.record("elsewhere", days: 9) { $0.claim?.namespace = "elsewhere" },
                Self.record("cluster", days: 9) { $0.cluster = "another" },
                Self.record("claimless", days: 9) { $0.claim = nil },
            ]
        #expect(Self.review(records, policy).expired.map(\.record.id) == ["c1", "c2", "purging"])
    }

    @Test(
        "Only complete archives are purged, or those whose purge has started",
        arguments: [ArchiveRecord.State.intent, .archived, .restoring, .restored, .purging, .purged]
    )
    func states(state: ArchiveRecord.State) {
        let record = Self.record {
            $0.state = state
            if state == .purging { $0.purge = ArchiveRecord.Purge(reason: "erasure", requestedAt: Self.now) }
        }
        let review = Self.review([record], Self.policy(RetentionRule(keepFor: Self.period(days: 1))))
        #expect(review.expired.isEmpty == (state != .archived && state != .purging))
        if state == .purging { #expect(review.expired.map(\.why) == ["erasure"]) }
    }

    @Test("K1: nothing overrides a hold", arguments: [ArchiveRecord.State.archived, .purging])
    func held(state: ArchiveRecord.State) {
        let record = Self.record {
            $0.state = state
            $0.hold = ArchiveRecord.Hold(reason: "court", at: Self.now)
        }
        let review = Self.review([record], Self.policy(RetentionRule(keepFor: Self.period(days: 1))))
        #expect(review.verdicts["pvc-1"] == .keep(until: nil, why: "held: court") && review.expired.isEmpty)
    }

    @Test(
        "A claim's request counts if it is allowed, and not below the minimum age",
        arguments: [
            ([RetentionRequest.keepFor], "5d", true), ([], "5d", false), ([.keepLast], "5d", false),
            ([.keepFor], "20d", false),
            ([.keepFor], "forever", false),
        ] as [(Set<RetentionRequest>, String, Bool)]
    )
    func requests(heeded: Set<RetentionRequest>, request: String, isPurged: Bool) {
        let record = Self.record { $0.notes = ClaimNotes(annotations: [RetentionRequest.keepFor.rawValue: request]) }
        let month = RetentionRule(keepFor: Self.period(days: 30), minimumAge: Self.period(days: 10))
        let review = Self.review([record], Self.policy(month, heeded: heeded))
        #expect(review.expired.isEmpty == !isPurged && review.undecidable == [])
        let floor = RetentionRule(keepFor: Self.period(days: 30), minimumAge: Self.period(days: 11))
        #expect(Self.review([record], Self.policy(floor, heeded: heeded)).expired.isEmpty)
    }

    @Test(
        "K2: a claim's last state is unknown: kept where claims' annotations count, and only there",
        arguments: [([RetentionRequest.keepFor], true), ([.keepLast], true), ([], false)]
            as [(Set<RetentionRequest>, Bool)]
    )
    func unseenClaim(heeded: Set<RetentionRequest>, isUndecided: Bool) {
        let record = Self.record { $0.claimUnseen = true }
        let review = Self.review([record], Self.policy(RetentionRule(keepFor: Self.period(days: 1)), heeded: heeded))
        #expect(review.expired.isEmpty == isUndecided)
        #expect(review.undecidable.contains { $0.contains(ReclaimPlan.unseenDeletion) } == isUndecided)
    }

    @Test("The reason names the request")
    func requestInReason() {
        let record = Self.record { $0.notes = ClaimNotes(annotations: [RetentionRequest.keepLast.rawValue: "0"]) }
        let policy = Self.policy(RetentionRule(keepFor: Self.period(days: 1), keepLast: 9), heeded: [.keepLast])
        let why = Self.review([record], policy).expired.map(\.why)
        let source = "(default rule, nfs.smart-bear.eu/keep-last: 0 of its claim)"
        #expect(why == ["retention: older than 1d and not among the 0 newest of its claim \(source)"])
    }

    @Test("K2: an undecidable archive is kept, and the reason reported")
    func doubts() {
        let policy = Self.policy(
            RetentionRule(keepFor: Self.period(days: 1)),
            rules: [RetentionRule(namespaces: ["billing"], keepFor: .forever)],
            heeded: [.keepFor, .keepLast]
        )
        let records = [
            Self.record("a") { $0.notes = ClaimNotes(annotations: [RetentionRequest.keepFor.rawValue: "a while\n"]) },
            Self.record("b") { $0.notes = ClaimNotes(annotations: [RetentionRequest.keepLast.rawValue: "-1"]) },
            Self.record("c") { $0.claim = nil },
            Self.record("d") { $0.archivedAt = nil },
        ]
        let review = Self.review(records, policy)
        #expect(review.expired.isEmpty && review.undecidable.count == 4)
        let sentences = [
            "archive a is kept: its claim's annotation nfs.smart-bear.eu/keep-for is \"a while\\n\", which cannot be read",
            "archive b is kept: its claim's annotation nfs.smart-bear.eu/keep-last is \"-1\"",
            "archive c is kept: its record does not show whether the rule for namespace billing applies",
            "archive d is kept: its record does not say when it was archived",
        ]
        for (doubt, sentence) in zip(review.undecidable, sentences) { #expect(doubt.hasPrefix(sentence)) }
    }

    @Test("K2: one unreadable record keeps every archive on the share, and is named; a foreign directory does not")
    func unreadable() {
        let policy = Self.policy(RetentionRule(keepFor: Self.period(days: 1)))
        let archive = CatalogueEntry.archive(Self.record())
        let foreign = CatalogueEntry.foreign(name: "archived-x")
        let broken = CatalogueEntry.unreadable(name: "x", reason: "the record x cannot be read")
        let kept = Self.review([archive, broken, foreign, broken], policy)
        #expect(kept.expired.isEmpty)
        #expect(kept.obstacle == "nothing on the share is purged: the record x cannot be read; 1 more cannot be read")
        let purged = Self.review([archive, foreign], policy)
        #expect(purged.expired.count == 1 && purged.obstacle == nil)
    }

    @Test("K6: another cluster's archives are left alone; the oldest is purged first")
    func othersAndOrder() {
        let records = [Self.record("new", days: 3), Self.record("old", days: 4), Self.record("theirs", days: 5)]
        let policy = Self.policy(RetentionRule(keepFor: Self.period(days: 1)))
        let catalogue = records.map { CatalogueEntry.archive($0) }
        let review = RetentionReview(of: catalogue, policy: policy, now: Self.now, on: Self.export) {
            $0.id != "theirs"
        }
        #expect(review.expired.map(\.record.id) == ["old", "new"])
    }
}

extension ArchiveRecord.State {
    fileprivate static let allWithDirectoryButArchived = [Self.intent, .restoring, .purging]
}

extension ArchiveRecord {
    fileprivate mutating func place(_ namespace: String, _ storageClass: String) {
        claim?.namespace = namespace
        self.storageClass = storageClass
    }
}
