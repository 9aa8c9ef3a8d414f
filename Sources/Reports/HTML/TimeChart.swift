import Kubernetes
import Presentation

/// A chart of columns over time, stacked by series; those of a series that points down hang below the line.
struct TimeChart {
    struct Series {
        let title: String
        /// Its class in the style sheet.
        let style: String
        var isDown = false
        let times: [Timestamp]
    }

    let title: String
    let explanation: String
    let series: [Series]
    let now: Timestamp

    private var buckets: TimeBuckets { TimeBuckets(series.flatMap(\.times), now: now) }

    func write(to writer: inout HTMLWriter) {
        let buckets = buckets
        var outside = 0
        let counts = series.map { series in
            var counts = Array(repeating: 0, count: buckets.count)
            for time in series.times {
                if let index = buckets.index(time) { counts[index] += 1 } else { outside += 1 }
            }
            return counts
        }
        writer.element("section", ("class", "card chart")) { writer in
            writer.element("h3", text: title)
            writer.element("p", ("class", "note")) { writer in
                writer.text(explanation)
                if outside > 0 { writer.text(" \(outside.grouped) are outside the period shown.") }
            }
            guard series.contains(where: { !$0.times.isEmpty }) else {
                writer.element("p", ("class", "none"), text: "None.")
                return
            }
            legend(counts, &writer)
            columns(counts, buckets, &writer)
            writer.element("div", ("class", "axis"), ("aria-hidden", "true")) { writer in
                for index in [0, buckets.count / 2] {
                    writer.element("span", text: buckets.start(index).dayText)
                }
                writer.element("span", text: now.dayText)
            }
            numbers(counts, buckets, &writer)
        }
    }

    private func legend(_ counts: [[Int]], _ writer: inout HTMLWriter) {
        writer.element("ul", ("class", "legend")) { writer in
            for (series, counts) in zip(series, counts) {
                writer.element("li", ("class", series.style)) { writer in
                    writer.text("\(series.title) ")
                    writer.element("b", text: counts.reduce(0, +).grouped)
                }
            }
        }
    }

    private func columns(_ counts: [[Int]], _ buckets: TimeBuckets, _ writer: inout HTMLWriter) {
        func highest(_ isDown: Bool) -> Int {
            (0..<buckets.count).map { index in
                zip(series, counts).reduce(0) { $1.0.isDown == isDown ? $0 + $1.1[index] : $0 }
            }.max() ?? 0
        }
        let (up, down) = (highest(false), highest(true))
        let scale = 100 / Double(max(up + down, 1))
        let line = Double(up) * scale
        writer.element("div", ("class", "plot")) { writer in
            writer.element("span", ("class", "peak"), ("aria-hidden", "true"), text: max(up, down).grouped)
            writer.element(
                "svg",
                ("viewBox", "0 0 \(buckets.count * 10) 100"),
                ("preserveAspectRatio", "none"),
                ("aria-hidden", "true")
            ) { writer in
                for index in 0..<buckets.count {
                    guard counts.contains(where: { $0[index] > 0 }) else { continue }
                    column(index, counts.map { $0[index] }, line, scale, buckets, &writer)
                }
                writer.element("rect", ("class", "line"), ("y", "\(line - 0.25)"), ("width", "100%"), ("height", "0.5"))
            }
        }
    }

    private func column(
        _ index: Int,
        _ counts: [Int],
        _ line: Double,
        _ scale: Double,
        _ buckets: TimeBuckets,
        _ writer: inout HTMLWriter
    ) {
        writer.element("g") { writer in
            writer.element(
                "title",
                text: "\(span(index, buckets)): "
                    + zip(series, counts).map { "\($1.grouped) \($0.title)" }.joined(separator: ", ")
            )
            var (top, bottom) = (line, line)
            for (series, count) in zip(series, counts) where count > 0 {
                let height = Double(count) * scale
                if !series.isDown { top -= height }
                writer.element(
                    "rect",
                    ("class", series.style),
                    ("x", "\(index * 10 + 1)"),
                    ("y", "\(series.isDown ? bottom : top)"),
                    ("width", "8"),
                    ("height", "\(height)")
                )
                if series.isDown { bottom += height }
            }
        }
    }

    private func numbers(_ counts: [[Int]], _ buckets: TimeBuckets, _ writer: inout HTMLWriter) {
        writer.element("details") { writer in
            writer.element("summary", text: "Numbers")
            writer.element("div", ("class", "scroll"), ("role", "region"), ("aria-label", title), ("tabindex", "0")) {
                $0.element("table") { writer in
                    writer.element("thead") {
                        $0.element("tr") { writer in
                            for title in ["Time"] + series.map(\.title) {
                                writer.element("th", ("scope", "col"), text: title)
                            }
                        }
                    }
                    writer.element("tbody") { writer in
                        for index in (0..<buckets.count).reversed() where counts.contains(where: { $0[index] > 0 }) {
                            writer.element("tr") { writer in
                                writer.element("th", ("scope", "row"), text: span(index, buckets))
                                for counts in counts { writer.numberCell(counts[index]) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func span(_ index: Int, _ buckets: TimeBuckets) -> String {
        let start = buckets.start(index)
        guard buckets.days > 1 else { return start.dayText }
        return "\(start.dayText) to \(Timestamp(seconds: start.seconds + (buckets.days - 1) * 86_400).dayText)"
    }
}

/// Equal spans of time in which to count things; the last one contains the present day.
struct TimeBuckets {
    /// The length of a bucket: 1, 7 or 28 days.
    let days: Int64
    /// The number of buckets.
    let count: Int
    private let end: Int64

    /// - Parameters:
    ///   - times: The times to count. Buckets are as short as possible while 60 of them reach back to the first time.
    ///   - now: The present; later times have no bucket.
    init(_ times: [Timestamp], now: Timestamp) {
        let today = Self.day(now)
        let age: Int64 = times.map { today - Self.day($0) }.filter { $0 >= 0 }.max() ?? 0
        let days: Int64 = age < 60 ? 1 : age < 7 * 60 ? 7 : 28
        self.days = days
        count = Int(min(60, max(14, age / days + 1)))
        end = today
    }

    /// The bucket that a time is in; nil if it is too early or too late.
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
