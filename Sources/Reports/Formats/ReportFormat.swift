/// How a report is written.
package enum ReportFormat: String, CaseIterable, Sendable {
    case table, json, csv, markdown
    /// One file that needs no other.
    case html
}
