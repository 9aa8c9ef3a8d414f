import Kubernetes
import Presentation
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Retention: clocks that are or were wrong (K3)")
struct ArchiveTimesTests {
    static let day: Int64 = 86_400
    static let now = RetentionReviewTests.now
    /// Older than a month, and whatever is not among the newest.
    static let policy = RetentionReviewTests.policy(RetentionRule(keepFor: .age(Age(seconds: 30 * day))))

    static func days(ago days: Int64) -> Timestamp { RetentionReviewTests.daysAgo(days) }

    static func verdict(
        _ record: ArchiveRecord,
        writtenAt: Timestamp?,
        _ policy: RetentionPolicy = policy
    ) -> RetentionVerdict? {
        RetentionReviewTests.review([.archive(record, writtenAt: writtenAt)], policy).verdicts[record.id]
    }

    @Test("Times that agree: the age counts from the archiving")
    func agreement() {
        let record = RetentionReviewTests.record(days: 40)
        #expect(Self.verdict(record, writtenAt: Self.days(ago: 40))?.keptUntil == Self.days(ago: 10))
        let slow = Timestamp(seconds: Self.days(ago: 40).seconds + 60)
        #expect(Self.verdict(record, writtenAt: slow)?.isPurge == true, "within a minute clocks agree")
        let quick = Timestamp(seconds: Self.days(ago: 40).seconds - 60)
        #expect(Self.verdict(record, writtenAt: quick)?.isPurge == true)
    }

    @Test("Archived while the controller's clock was 40 days behind: the age counts from the file")
    func behind() {
        let record = RetentionReviewTests.record(days: 40)
        let verdict = Self.verdict(record, writtenAt: Self.now)
        #expect(verdict == .keep(until: Self.days(ago: -30), why: "younger than 30d (default rule)"))
    }

    @Test("Archived while it was behind, by a program that records the release: the later of the two counts")
    func behindWithRelease() {
        let record = RetentionReviewTests.record(days: 40) { $0.releasedAt = Self.now }
        #expect(Self.verdict(record, writtenAt: Self.now)?.keptUntil == Self.days(ago: -30))
        let rewritten = RetentionReviewTests.record(days: 40) { $0.releasedAt = $0.archivedAt }
        #expect(Self.verdict(rewritten, writtenAt: Self.now)?.isPurge == true, "a change later makes it no younger")
    }

    @Test("A time in the future, or after its own file, is contradicted: the archive is kept, and the reason is given")
    func contradicted() throws {
        let future = RetentionReviewTests.record(days: -1)
        let ahead = RetentionReviewTests.record(days: 40)
        let requested = RetentionReviewTests.record(days: 40) { $0.requestedAt = Self.days(ago: -40) }
        let released = RetentionReviewTests.record(days: 40) { $0.releasedAt = Self.days(ago: -1) }
        let cases = [
            (future, Self.days(ago: -1), "is in the future"), (future, nil, "is in the future"),
            (ahead, Self.days(ago: 41), "but the server wrote the record at \(Self.days(ago: 41))"),
            (
                requested, Self.days(ago: 40),
                "archiving was requested at \(Self.days(ago: -40)), which is in the future"
            ),
            (released, Self.days(ago: 40), "its data was released at \(Self.days(ago: -1)), which is in the future"),
        ]
        for (record, writtenAt, words) in cases {
            guard case .undecidable(let why) = Self.verdict(record, writtenAt: writtenAt) else {
                Issue.record("\(words)")
                continue
            }
            #expect(why.contains(words) && why.hasSuffix("; a clock was wrong"))
        }
    }

    @Test("If the policy keeps archives forever, contradicted times do not matter")
    func contradictedForEver() {
        let policy = RetentionReviewTests.policy(RetentionRule())
        let record = RetentionReviewTests.record(days: -1)
        #expect(Self.verdict(record, writtenAt: nil, policy)?.keptUntil == nil)
        #expect(RetentionReviewTests.review([record], policy).undecidable == [])
    }

    @Test(
        "While the server's clock and ours are more than a minute apart, nothing is judged",
        arguments: [(400 * day, "behind"), (-400 * day, "ahead of"), (61, "behind"), (60, nil), (-60, nil)]
            as [(Int64, String?)]
    )
    func clocks(ahead: Int64, word: String?) throws {
        let server = Double(Self.now.seconds - ahead)
        let clock = ClockObservation(before: Double(Self.now.seconds), server: server, after: Double(Self.now.seconds))
        let catalogue = DatedCatalogue(entries: [.archive(RetentionReviewTests.record(days: 40))], clock: clock)
        let review = RetentionReview(of: catalogue, policy: Self.policy, protection: .none, on: .sample) { _ in true }
        #expect(review.expired.isEmpty == (word != nil) && review.verdicts.isEmpty == (word != nil))
        if let word {
            let obstacle = try #require(review.obstacle)
            #expect(
                obstacle == "nothing on the share is purged: the NFS server's clock is \(abs(ahead)) s \(word)"
                    + " this machine's; set both clocks with NTP"
            )
        }
    }

    @Test("An archive restored from a copy has the age of the archive, not of its data")
    func unpacked() {
        let record = RetentionReviewTests.record(days: 1) {
            $0.unpackedFrom = "copies/a.tar"
            $0.releasedAt = Self.days(ago: 100)
        }
        #expect(Self.verdict(record, writtenAt: Self.days(ago: 1))?.keptUntil == Self.days(ago: -29))
        let behind = RetentionReviewTests.record(days: 40) {
            $0.unpackedFrom = "copies/a.tar"
            $0.releasedAt = Self.days(ago: 100)
        }
        let verdict = Self.verdict(behind, writtenAt: Self.now)
        #expect(verdict?.keptUntil == Self.days(ago: -30), "made again while our clock was behind")
    }
}
