import Synchronization

/// Shows what was last found out; nothing before that.
package final class Gauge: Family {
    let descriptor: Descriptor
    let type = MetricType.gauge
    private let fold: Fold
    private let samples = Mutex<[Sample]>([])

    init(_ descriptor: Descriptor, fold: Fold) {
        self.descriptor = descriptor
        self.fold = fold
    }

    /// Shows one value, for a gauge without labels.
    package func set(_ value: Double) {
        replace(with: [Sample(value)])
    }

    /// Shows these values and no others.
    package func replace(with samples: [Sample]) {
        self.samples.withLock { $0 = samples }
    }

    func write(to text: inout Exposition) {
        for sample in fold(samples.withLock { $0 }, of: descriptor) {
            text.write(descriptor, sample.labels, sample.value)
        }
    }
}
