import Reports
import Synchronization

/// The reports under the current configuration, for a page that outlives it.
final class CurrentReports: Sendable {
    /// The error of a request that comes before the first reports.
    struct Missing: Error, CustomStringConvertible {
        let description = "the reports are not ready yet"
    }

    private let reports = Mutex<ControllerReports?>(nil)

    func show(_ new: ControllerReports) {
        reports.withLock { $0 = new }
    }

    func read() async throws -> ReportReading {
        guard let reports = reports.withLock({ $0 }) else { throw Missing() }
        return await reports.read()
    }
}
