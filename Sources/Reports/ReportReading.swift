/// What was read once of the cluster and the shares, to make reports of as often as they are asked for.
package struct ReportReading: Sendable {
    /// Reports on a part of it.
    package let reports: @Sendable (ReportFilter) -> ReportSet

    package init(reports: @escaping @Sendable (ReportFilter) -> ReportSet) {
        self.reports = reports
    }
}
