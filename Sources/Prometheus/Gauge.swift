import Synchronization

/// Shows the values that were last set; nothing before that.
package final class Gauge: Family {
    let descriptor: Descriptor
    let type = MetricType.gauge
    private let fold: Fold
    private let samples = Mutex<[Sample]>([])

    init(_ descriptor: Descriptor, fold: Fold) {
        self.descriptor = descriptor
        self.fold = fold
    }

    /// Sets the one value of a gauge without labels.
    package func set(_ value: Double) {
        replace(with: [Sample(value)])
    }

    /// Replaces all values with these.
    package func replace(with samples: [Sample]) {
        self.samples.withLock { $0 = samples }
    }

    func write(to text: inout Exposition) {
        for sample in fold(samples.withLock { $0 }, of: descriptor) {
            text.write(descriptor, sample.labels, sample.value)
        }
    }
}
