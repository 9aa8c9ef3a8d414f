/// A family whose values are looked up when they are asked for.
final class CollectedFamily: Family {
    let descriptor: Descriptor
    let type: MetricType
    private let fold: Fold
    private let collect: @Sendable () -> [Sample]

    init(_ descriptor: Descriptor, _ type: MetricType, fold: Fold, collect: @escaping @Sendable () -> [Sample]) {
        self.descriptor = descriptor
        self.type = type
        self.fold = fold
        self.collect = collect
    }

    func write(to text: inout Exposition) {
        for sample in fold(collect(), of: descriptor) { text.write(descriptor, sample.labels, sample.value) }
    }
}
