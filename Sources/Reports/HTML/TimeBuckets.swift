import Kubernetes

/// Equal spans of time, the last of which has the present day in it, for things to be counted in.
struct TimeBuckets {
    /// 1, 7 or 28.
    let days: Int64
    /// How many there are.
    let count: Int
    private let end: Int64

    /// - Parameters:
    ///   - times: What shall be counted; buckets are as short as lets 60 of them reach back to the first.
    ///   - now: What comes later has no bucket.
    init(_ times: [Timestamp], now: Timestamp) {
        let today = Self.day(now)
        let age: Int64 = times.map { today - Self.day($0) }.filter { $0 >= 0 }.max() ?? 0
        let days: Int64 = age < 60 ? 1 : age < 7 * 60 ? 7 : 28
        self.days = days
        count = Int(min(60, max(14, age / days + 1)))
        end = today
    }

    /// The bucket a time is in; nil: too early or too late.
    func index(_ time: Timestamp) -> Int? {
        let age = end - Self.day(time)
        guard age >= 0 else { return nil }
        let index = Int64(count) - 1 - age / days
        return index >= 0 ? Int(index) : nil
    }

    /// The first day of a bucket.
    func start(_ index: Int) -> Timestamp {
        Timestamp(seconds: (end - Int64(count - index) * days + 1) * 86_400)
    }

    private static func day(_ time: Timestamp) -> Int64 {
        let (day, second) = time.seconds.quotientAndRemainder(dividingBy: 86_400)
        return second < 0 ? day - 1 : day
    }
}
