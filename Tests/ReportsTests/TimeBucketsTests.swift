import Kubernetes
import Testing

@testable import Reports

@Suite("Time in buckets")
struct TimeBucketsTests {
    /// Noon of a day.
    private let now = Timestamp(seconds: 1_773_144_000)

    @Test(
        "Buckets are days, weeks or four weeks, and end today",
        arguments: [(0, 1, 14), (20, 1, 21), (59, 1, 60), (60, 7, 14), (400, 7, 58), (5000, 28, 60)]
    )
    func spans(age: Int64, days: Int64, count: Int) {
        let time = Timestamp(seconds: now.seconds - age * 86_400)
        let buckets = TimeBuckets([time], now: now)
        #expect(buckets.days == days && buckets.count == count)
        #expect(buckets.index(now) == count - 1)
        if let index = buckets.index(time) {
            let start = buckets.start(index).seconds
            #expect((start..<start + days * 86_400).contains(time.seconds))
        }
    }

    @Test("A time from a wrong clock gets no bucket, and extends none")
    func jumps() {
        let buckets = TimeBuckets([Timestamp(seconds: 3_786_912_000), now], now: now)
        #expect(buckets.count == 14 && buckets.index(Timestamp(seconds: 1_773_187_200)) == nil)
        #expect(TimeBuckets([now], now: now).index(Timestamp(seconds: 0)) == nil)
    }
}
