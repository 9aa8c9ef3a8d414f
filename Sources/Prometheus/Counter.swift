import Synchronization

/// Counts events over the lifetime of the process. Without labels, its series exists from the start, as 0.
package final class Counter: Family {
    let descriptor: Descriptor
    let type = MetricType.counter
    private let series: Mutex<SeriesTable<Double>>

    init(_ descriptor: Descriptor) {
        self.descriptor = descriptor
        series = Mutex(SeriesTable(of: descriptor, from: 0))
    }

    /// Adds to one series.
    ///
    /// - Parameters:
    ///   - labels: The values of the labels, in their order.
    ///   - amount: The amount to add, not negative. 0 creates a series before anything has happened: Prometheus sees no
    ///     increase in a series that begins at 1.
    package func increment(_ labels: String..., by amount: Double = 1) {
        precondition(amount >= 0, "\(descriptor.name) only grows")
        series.withLock { $0.update(labels) { $0 += amount } }
    }

    func write(to text: inout Exposition) {
        for (labels, value) in series.withLock({ $0.ordered }) { text.write(descriptor, labels, value) }
    }
}
