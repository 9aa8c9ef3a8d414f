import Kubernetes
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Retention: which archives of a claim are the newest (K5)")
struct ReleaseOrderTests {
    static func days(ago days: Int64) -> Timestamp { RetentionReviewTests.daysAgo(days) }

    /// The archives that go where only the newest stays.
    static func expired(_ records: [ArchiveRecord], writtenAt: [String: Timestamp] = [:]) -> [String] {
        let entries = records.map { CatalogueEntry.archive($0, writtenAt: writtenAt[$0.id]) }
        let policy = RetentionReviewTests.policy(RetentionRule(keepLast: 1))
        return RetentionReviewTests.review(entries, policy).expired.map(\.record.id).sorted()
    }

    static func record(_ id: String, released: Int64?, archived: Int64) -> ArchiveRecord {
        RetentionReviewTests.record(id, days: archived) { $0.releasedAt = released.map(days) }
    }

    @Test("The release of the data decides: a restored old copy does not displace the newest")
    func restoredCopy() {
        let restored = RetentionReviewTests.record("old", days: 0) {
            $0.releasedAt = Self.days(ago: 90)
            $0.unpackedFrom = "copies/old.tar"
        }
        #expect(Self.expired([restored, Self.record("new", released: 10, archived: 10)]) == ["old"])
    }

    @Test("A copy restored by a program that recorded no release stays, and displaces no archive")
    func restoredCopyWithoutRelease() {
        let restored = RetentionReviewTests.record("old", days: 0) { $0.unpackedFrom = "copies/old.tar" }
        let records = [restored, RetentionReviewTests.record("new", days: 10)]
        #expect(Self.expired(records) == [])
        let policy = RetentionReviewTests.policy(RetentionRule(keepLast: 1))
        let review = RetentionReviewTests.review(records, policy)
        #expect(review.undecidable.first?.contains("does not say when its data was released") == true)
        let byAge = RetentionReviewTests.policy(RetentionRule(keepFor: RetentionReviewTests.period(days: 5)))
        let verdict = RetentionReviewTests.review([restored], byAge).verdicts["old"]
        #expect(verdict?.keptUntil == Self.days(ago: -5), "its age is known, and needs no rank")
    }

    @Test("An older volume whose hook failed for long is not the newest because it was archived last")
    func lateArchive() {
        let late = RetentionReviewTests.record("late", days: 1) { $0.requestedAt = Self.days(ago: 20) }
        #expect(Self.expired([late, RetentionReviewTests.record("new", days: 10)]) == ["late"])
        let release = Self.record("late", released: 20, archived: 1)
        #expect(Self.expired([release, Self.record("new", released: 10, archived: 10)]) == ["late"])
    }

    @Test("Archives of one second: the younger volume is the newer, and without that they keep each other")
    func sameSecond() {
        let tie = ["a", "b"].map { Self.record($0, released: 5, archived: 5) }
        #expect(Self.expired(tie) == [])
        var ordered = tie
        ordered[0].volumeCreatedAt = Self.days(ago: 7)
        #expect(Self.expired(ordered) == [], "of the other nothing is known")
        ordered[1].volumeCreatedAt = Self.days(ago: 8)
        #expect(Self.expired(ordered) == ["b"])
        ordered[1].volumeCreatedAt = ordered[0].volumeCreatedAt
        #expect(Self.expired(ordered) == [])
    }

    @Test("An archive with a future time stays, and displaces no other")
    func contradicted() {
        let ahead = RetentionReviewTests.record("ahead", days: -1)
        #expect(Self.expired([ahead, RetentionReviewTests.record("newest", days: 3)]) == [])
        let afterFile = RetentionReviewTests.record("ahead", days: 2)
        let writtenAt = ["ahead": Self.days(ago: 5)]
        #expect(Self.expired([afterFile, RetentionReviewTests.record("new", days: 3)], writtenAt: writtenAt) == [])
    }

    @Test("Archived while our clock was behind: it may be the newest, and none is certainly older")
    func behind() {
        let behind = RetentionReviewTests.record("behind", days: 40)
        let records = [behind, RetentionReviewTests.record("new", days: 10)]
        #expect(Self.expired(records, writtenAt: ["behind": Self.days(ago: 3)]) == [])
        #expect(Self.expired(records, writtenAt: ["behind": Self.days(ago: 20)]) == ["behind"])
    }

    @Test("A release after the archiving means a wrong clock: it counts as newer than both times")
    func releaseAfterArchiving() {
        let doubtful = Self.record("doubtful", released: 5, archived: 40)
        #expect(Self.expired([doubtful, Self.record("between", released: 10, archived: 10)]) == [])
        #expect(Self.expired([doubtful, Self.record("before", released: 50, archived: 50)]) == ["before"])
        #expect(Self.expired([doubtful, Self.record("after", released: 2, archived: 2)]) == ["doubtful"])
    }

    @Test("A record that the listing gives twice is one archive, and its later file counts")
    func twice() {
        let policy = RetentionReviewTests.policy(RetentionRule(keepLast: 1))
        var held = RetentionReviewTests.record("new", days: 1)
        held.hold = ArchiveRecord.Hold(reason: "court", at: Self.days(ago: 0))
        let entries = [
            CatalogueEntry.archive(RetentionReviewTests.record("new", days: 1), writtenAt: Self.days(ago: 1)),
            .archive(RetentionReviewTests.record("old", days: 2), writtenAt: Self.days(ago: 2)),
            .archive(held, writtenAt: Self.days(ago: 0)),
            .archive(RetentionReviewTests.record("old", days: 2), writtenAt: Self.days(ago: 2)),
        ]
        for entries in [entries, entries.reversed()] {
            let review = RetentionReviewTests.review(entries, policy)
            #expect(review.expired.map(\.record.id) == ["old"])
            #expect(review.expired.first?.newer == ["new"])
            #expect(review.verdicts["new"] == .keep(until: nil, why: "held: court"))
        }
        let two = RetentionReviewTests.policy(RetentionRule(keepLast: 2))
        #expect(RetentionReviewTests.review(entries, two).expired.isEmpty, "one archive is not two newer ones")
    }

    @Test("All newer archives are known, newest first")
    func newer() {
        let records = (1...5).map { RetentionReviewTests.record("c\($0)", days: Int64($0)) }.shuffled()
        let policy = RetentionReviewTests.policy(RetentionRule(keepLast: 2))
        let expired = RetentionReviewTests.review(records, policy).expired
        #expect(expired.map(\.record.id) == ["c5", "c4", "c3"])
        #expect(expired.map { Array($0.newer) } == [["c1", "c2", "c3", "c4"], ["c1", "c2", "c3"], ["c1", "c2"]])
        #expect(expired.allSatisfy { $0.keepLast == 2 })
    }
}
