import Synchronization

/// The metrics of one process, or of one test: there is no other place that they could be in.
///
/// **Bounds.** Every family says how many sets of label values it tells apart. What is beyond that is one more series, all
/// of whose labels are `other`: a counter counts there, a histogram observes there, and of values that are replaced or
/// looked up, those that come last in the order of their labels are folded into one (``Fold``). So no number of
/// namespaces can make a scrape grow without end, and no event goes uncounted. A series that really is called `other`
/// is counted together with them.
///
/// **Registering** is done once for each name, by the code that knows it: a second time is a mistake in the program, and
/// ends it.
package final class Registry: Sendable {
    /// What is sent with ``text()`` as `Content-Type`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private let families = Mutex<[String: any Family]>([:])

    package init() {}

    /// A family that counts events.
    ///
    /// - Parameters:
    ///   - name: Ends in `_total`.
    ///   - help: What is counted, one sentence.
    ///   - labels: The names of the labels.
    ///   - limit: How many sets of label values are told apart.
    /// - Returns: What counts.
    package func counter(_ name: String, _ help: String, labels: [String] = [], limit: Int = 200) -> Counter {
        add(Counter(Descriptor(name, help, labels: labels, limit: limit)))
    }

    /// A family whose values are set as they become known.
    ///
    /// - Parameters:
    ///   - name: Ends in the unit.
    ///   - help: What is shown, one sentence.
    ///   - labels: The names of the labels.
    ///   - limit: How many sets of label values are told apart.
    ///   - fold: How those beyond are told as one.
    /// - Returns: What shows values.
    package func gauge(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        limit: Int = 200,
        fold: Fold = .sum
    ) -> Gauge {
        add(Gauge(Descriptor(name, help, labels: labels, limit: limit), fold: fold))
    }

    /// A family of distributions.
    ///
    /// - Parameters:
    ///   - name: Ends in the unit.
    ///   - help: What is measured, one sentence.
    ///   - labels: The names of the labels.
    ///   - bounds: The upper bounds of the buckets, growing, without infinity.
    ///   - limit: How many sets of label values are told apart; each has a series a bucket.
    /// - Returns: What takes in values.
    package func histogram(
        _ name: String,
        _ help: String,
        labels: [String] = [],
        bounds: [Double] = Histogram.defaultBounds,
        limit: Int = 50
    ) -> Histogram {
        add(Histogram(Descriptor(name, help, labels: labels, limit: limit), bounds: bounds))
    }

    /// A family whose values are looked up at each scrape.
    ///
    /// - Parameters:
    ///   - name: Ends in the unit, or in `_total` for a counter.
    ///   - help: What is shown, one sentence.
    ///   - type: Gauge or counter.
    ///   - labels: The names of the labels.
    ///   - limit: How many sets of label values are told apart.
    ///   - fold: How values of the same labels, and those beyond the limit, are told as one.
    ///   - collect: Quick, and never waits for anything: it is called on the thread that answers the scrape.
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

    /// Every family there is, by name.
    package var descriptors: [(descriptor: Descriptor, type: MetricType)] {
        ordered.map { ($0.descriptor, $0.type) }
    }

    /// All metrics as they are now, in the text format 0.0.4, ordered by name. Not of one instant: each family is of the
    /// moment it is written.
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

/// One family of a registry: its description, and its series at the moment they are asked for.
protocol Family: Sendable {
    var descriptor: Descriptor { get }
    var type: MetricType { get }
    /// Writes every series, a line each and more for a histogram.
    func write(to text: inout Exposition)
}

/// The types of the text format that there are here.
package enum MetricType: String, Sendable {
    case counter, gauge, histogram
}
