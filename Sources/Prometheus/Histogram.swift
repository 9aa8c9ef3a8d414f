import Synchronization

/// Counts values, such as durations in seconds, by upper bound.
package final class Histogram: Family {
    private struct Observations {
        /// The counts by bound, and one more for values above all bounds; not cumulative.
        var counts: [UInt64]
        var sum = 0.0
    }

    /// The default bounds of the Go client, for work of milliseconds to seconds.
    package static let defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    let descriptor: Descriptor
    let type = MetricType.histogram
    private let bounds: [Double]
    private let series: Mutex<SeriesTable<Observations>>

    init(_ descriptor: Descriptor, bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the bounds of \(descriptor.name) do not grow")
        self.descriptor = descriptor
        self.bounds = bounds
        let none = Observations(counts: Array(repeating: 0, count: bounds.count + 1))
        series = Mutex(SeriesTable(of: descriptor, from: none))
    }

    /// Records one value.
    ///
    /// - Parameters:
    ///   - value: The value, in the family's unit.
    ///   - labels: The values of the labels, in their order.
    package func observe(_ value: Double, _ labels: String...) {
        observe(value, labels: labels)
    }

    /// Records one duration, in seconds.
    package func observe(_ duration: Duration, _ labels: String...) {
        observe(duration / .seconds(1), labels: labels)
    }

    private func observe(_ value: Double, labels: [String]) {
        let index = bounds.firstIndex { value <= $0 } ?? bounds.count
        series.withLock { series in
            series.update(labels) { observations in
                observations.counts[index] += 1
                observations.sum += value
            }
        }
    }

    func write(to text: inout Exposition) {
        for (labels, observations) in series.withLock({ $0.ordered }) {
            var count: UInt64 = 0
            for (bound, added) in zip(bounds + [.infinity], observations.counts) {
                count += added
                text.write(descriptor, labels, Double(count), suffix: "_bucket", bound: bound)
            }
            text.write(descriptor, labels, observations.sum, suffix: "_sum")
            text.write(descriptor, labels, Double(count), suffix: "_count")
        }
    }
}
