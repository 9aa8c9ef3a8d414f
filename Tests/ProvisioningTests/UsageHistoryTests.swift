import Kubernetes
import Testing

@testable import Provisioning

@Suite("How much a volume held over time")
struct UsageHistoryTests {
    static let day: Int64 = 86_400
    static let now = Timestamp(seconds: 20_000 * day + 40_000)

    static func sample(ago seconds: Int64, used: UInt64? = nil) -> UsageSample {
        let at = Timestamp(seconds: now.seconds - seconds)
        return UsageSample(
            at: at,
            usedBytes: used ?? UInt64(at.seconds),
            lengthBytes: 1,
            files: 2,
            directories: 3
        )
    }

    @Test("One an hour for two days, one a day for 30, one a month for three years, each the last; nothing older")
    func thinned() {
        let history = UsageHistory(samples: (0..<(4 * 365 * 24 * 2)).map { Self.sample(ago: $0 * 1800) })
        let thin = history.thinned(at: Self.now)
        func count(_ from: Int64, _ to: Int64) -> Int {
            thin.samples.count { (from..<to).contains((Self.now.seconds - $0.at.seconds) / Self.day) }
        }
        #expect((48...50).contains(count(0, 2)) && (28...30).contains(count(2, 30)))
        #expect((35...37).contains(count(30, 3 * 365 + 1)) && count(3 * 365 + 1, 5000) == 0)
        #expect(thin.latest == history.latest && thin.thinned(at: Self.now) == thin)
        let lastOfADay = thin.samples.first { $0.at.seconds / Self.day == 20_000 - 10 }
        #expect((lastOfADay?.at.seconds ?? 0) % Self.day >= Self.day - 1800)
    }

    @Test("Thinned every day, a history stays as short as thinned once, and reaches back as far")
    func aged() {
        var history = UsageHistory()
        for day in (0..<1500).reversed() {
            let sample = Self.sample(ago: Int64(day) * Self.day)
            history = UsageHistory(samples: history.samples + [sample]).thinned(at: sample.at)
        }
        #expect((60...75).contains(history.samples.count))
        let oldest = (Self.now.seconds - (history.samples.first?.at.seconds ?? 0)) / Self.day
        #expect((1050...1095).contains(oldest))
    }

    @Test("An unchanged value is stored twice, first and last, and is known for every time in between")
    func unchanged() {
        let samples = (0..<20).map { Self.sample(ago: $0 * Self.day, used: $0 < 10 ? 7 : 5) }
        let thin = UsageHistory(samples: samples).thinned(at: Self.now)
        #expect(thin.samples.map(\.usedBytes) == [5, 5, 7, 7])
        #expect(thin.sample(at: Timestamp(seconds: Self.now.seconds - 12 * Self.day))?.usedBytes == 5)
        #expect(thin.sample(at: Timestamp(seconds: Self.now.seconds - 4 * Self.day))?.usedBytes == 7)
    }

    @Test("A sample from the future comes from a wrong clock, and is dropped; two clocks may differ a little")
    func wrongClock() {
        let history = UsageHistory(samples: [10, -60, -7200].map { Self.sample(ago: $0) })
        #expect(history.thinned(at: Self.now).samples.allSatisfy { $0.at.seconds <= Self.now.seconds + 60 })
        #expect(history.thinned(at: Self.now).latest == Self.sample(ago: -60))
    }

    @Test("Merged, each sample counts once")
    func merged() {
        let (one, two, three) = (Self.sample(ago: 3), Self.sample(ago: 2), Self.sample(ago: 1))
        let merged = UsageHistory(samples: [one, two]).merging(UsageHistory(samples: [two, three]))
        #expect(merged.samples == [one, two, three])
    }

    @Test(
        "A volume is due each interval, an archive once and then each month; samples of the future do not count"
    )
    func due() throws {
        let tree = MeasurableTree(kind: .volume, name: "v", path: try VolumePath(components: ["v"]))
        let volume = UsageSubject(tree: tree, fileID: 1)
        let archive = UsageSubject(
            tree: tree,
            fileID: 1,
            archivedAt: Timestamp(seconds: Self.now.seconds - 5 * Self.day)
        )
        func due(_ subject: UsageSubject, ago: Int64) -> Bool {
            subject.isDue(latest: Self.sample(ago: ago), interval: Self.day, now: Self.now)
        }
        #expect(volume.isDue(latest: nil, interval: Self.day, now: Self.now))
        #expect(due(volume, ago: Self.day) && !due(volume, ago: Self.day - 1) && due(volume, ago: -1))
        #expect(due(archive, ago: 6 * Self.day) && !due(archive, ago: 4 * Self.day) && due(archive, ago: -1))
        let old = UsageSubject(tree: tree, fileID: 1, archivedAt: Timestamp(seconds: 0))
        #expect(due(old, ago: 30 * Self.day) && !due(old, ago: 29 * Self.day))
    }
}
