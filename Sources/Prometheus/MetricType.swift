/// The types of the text format that there are here.
package enum MetricType: String, Sendable {
    case counter, gauge, histogram
}
