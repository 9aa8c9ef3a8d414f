import Synchronization

/// The metrics of one process, or of one test: there is no global registry.
///
/// **Limits.** Every family limits how many sets of label values have their own series. Everything beyond shares one
/// more series, whose labels are all `other`: a counter counts there, a histogram observes there, and of values that
/// are set or collected, those last in the order of their labels are aggregated (``Fold``). So no number of namespaces
/// can make a scrape grow without end, and no event goes uncounted. A series whose own labels are `other` is counted
/// together with them.
///
/// **Registration** happens once for each name, in the code that knows it: a second one is a programming error and
/// traps.
package final class Registry: Sendable {
    /// The `Content-Type` of ``text()``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let families = Mutex<[String: any Family]>([:])

    package init() {}

    /// Registers a family that counts events.
    ///
    /// - Parameters:
    ///   - name: Ends in `_total`.
    ///   - help: What is counted, one sentence.
    ///   - labels: The names of the labels.
    ///   - limit: The number of label value sets with their own series.
    /// - Returns: The counter.
    package func counter(_ name: String, _ help: String, labels: [String] = [], limit: Int = 200) -> Counter {
        add(Counter(Descriptor(name, help, labels: labels, limit: limit)))
    }

    /// Registers a family whose values are set as they become known.
    ///
    /// - Parameters:
    ///   - name: Ends in the unit.
    ///   - help: What is shown, one sentence.
    ///   - labels: The names of the labels.
    ///   - limit: The number of label value sets with their own series.
    ///   - fold: How values beyond the limit are aggregated.
    /// - Returns: The gauge.
    package func gauge(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        limit: Int = 200,
        fold: Fold = .sum
    ) -> Gauge {
        add(Gauge(Descriptor(name, help, labels: labels, limit: limit), fold: fold))
    }

    /// Registers a family of distributions.
    ///
    /// - Parameters:
    ///   - name: Ends in the unit.
    ///   - help: What is measured, one sentence.
    ///   - labels: The names of the labels.
    ///   - bounds: The upper bounds of the buckets, in ascending order, without infinity.
    ///   - limit: The number of label value sets with their own series; each has one series per bucket.
    /// - Returns: The histogram.
    package func histogram(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        bounds: [Double] = Histogram.defaultBounds,
        limit: Int = 50
    ) -> Histogram {
        add(Histogram(Descriptor(name, help, labels: labels, limit: limit), bounds: bounds))
    }

    /// Registers a family whose values are collected at each scrape.
    ///
    /// - Parameters:
    ///   - name: Ends in the unit, or in `_total` for a counter.
    ///   - help: What is shown, one sentence.
    ///   - type: The type, gauge or counter.
    ///   - labels: The names of the labels.
    ///   - limit: The number of label value sets with their own series.
    ///   - fold: How values of the same labels, and those beyond the limit, are aggregated.
    ///   - collect: Returns the values. It must be quick and never wait: it is called on the thread that answers the
    ///     scrape.
    package func collect(
        _ name: String,
        _ help: String,
        type: MetricType = .gauge,
        labels: [String] = [],
        limit: Int = 200,
        fold: Fold = .sum,
        _ collect: @escaping @Sendable () -> [Sample]
    ) {
        precondition(type != .histogram, "\(name): a histogram is not collected")
        let descriptor = Descriptor(name, help, labels: labels, limit: limit)
        _ = add(CollectedFamily(descriptor, type, fold: fold, collect: collect))
    }

    /// All families, ordered by name.
    package var descriptors: [(descriptor: Descriptor, type: MetricType)] {
        ordered.map { ($0.descriptor, $0.type) }
    }

    /// All current metrics in the text format 0.0.4, ordered by name. It is not a snapshot of one instant: each family
    /// is read when it is written.
    package func text() -> String {
        var exposition = Exposition()
        for family in ordered { exposition.write(family) }
        return exposition.text
    }

    private var ordered: [any Family] {
        families.withLock { $0.values.sorted { $0.descriptor.name < $1.descriptor.name } }
    }

    private func add<Added: Family>(_ family: Added) -> Added {
        let known = families.withLock { $0.updateValue(family, forKey: family.descriptor.name) }
        precondition(known == nil, "\(family.descriptor.name) is registered twice")
        return family
    }
}

/// A family whose values are collected on demand.
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

/// One family of a registry: its description and its current series.
protocol Family: Sendable {
    var descriptor: Descriptor { get }
    var type: MetricType { get }
    /// Writes every series, one line each and several for a histogram.
    func write(to text: inout Exposition)
}

/// The supported types of the text format.
package enum MetricType: String, Sendable {
    case counter, gauge, histogram
}
