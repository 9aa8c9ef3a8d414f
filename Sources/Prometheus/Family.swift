/// One family of a registry: its description, and its series at the moment they are asked for.
protocol Family: Sendable {
    var descriptor: Descriptor { get }
    var type: MetricType { get }
    /// Writes every series, a line each and more for a histogram.
    func write(to text: inout Exposition)
}
