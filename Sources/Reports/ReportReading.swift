/// What was read once of the cluster and the shares, to make reports of as often as they are asked for.
package struct ReportReading: Sendable {
    /// Reports on a part of it: what a filter lets through, and if so asked nothing of another cluster's.
    package let reports: @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet

    package init(reports: @escaping @Sendable (ReportFilter, _ isOwnOnly: Bool) -> ReportSet) {
        self.reports = reports
    }
}
