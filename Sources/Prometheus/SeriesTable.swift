/// The accumulating series of a family, at most one more than its limit.
struct SeriesTable<Value> {
    private let descriptor: Descriptor
    private let initial: Value
    private var values: [[String]: Value] = [:]

    init(of descriptor: Descriptor, from initial: Value) {
        self.descriptor = descriptor
        self.initial = initial
        if descriptor.labels.isEmpty { values[[]] = initial }
    }

    /// Every series, ordered by label values.
    var ordered: [(labels: [String], value: Value)] {
        values.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
    }

    mutating func update(_ labels: [String], _ change: (inout Value) -> Void) {
        precondition(labels.count == descriptor.labels.count, "\(descriptor.name) has \(descriptor.labels)")
        let isTold = values[labels] != nil || values.count < descriptor.limit
        let key = isTold ? labels : descriptor.others
        var value = values[key] ?? initial
        change(&value)
        values[key] = value
    }
}
