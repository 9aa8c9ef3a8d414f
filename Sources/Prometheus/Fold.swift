/// How colliding series are aggregated.
package enum Fold: Sendable {
    case sum, least, greatest

    /// Aggregates the samples of a family: one for each set of label values, in their order, and at most one more than
    /// its limit.
    func callAsFunction(_ samples: [Sample], of descriptor: Descriptor) -> [Sample] {
        var values: [[String]: Double] = [:]
        for sample in samples { merge(sample.value, at: sample.labels, of: descriptor, into: &values) }
        let ordered = values.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var shown = Dictionary(uniqueKeysWithValues: ordered.prefix(descriptor.limit).map { ($0.key, $0.value) })
        for (_, value) in ordered.dropFirst(descriptor.limit) {
            merge(value, at: descriptor.others, of: descriptor, into: &shown)
        }
        return shown.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { Sample($0.value, labels: $0.key) }
    }

    private func merge(
        _ value: Double,
        at labels: [String],
        of descriptor: Descriptor,
        into values: inout [[String]: Double]
    ) {
        precondition(labels.count == descriptor.labels.count, "\(descriptor.name) has \(descriptor.labels)")
        guard let known = values[labels] else {
            values[labels] = value
            return
        }
        values[labels] =
            switch self {
            case .sum: known + value
            case .least: min(known, value)
            case .greatest: max(known, value)
            }
    }
}
