/// The parts of the program whose levels can be set apart. Loggers carry theirs as the metadata `subsystem`.
enum LogSubsystem: String, CaseIterable {
    /// The process, its configuration, the election.
    case controller
    /// Requests to the API server, and watches.
    case kubernetes
    /// Claims, volumes, exports.
    case provisioning
    /// Calls to NFS servers.
    case nfs
    /// Hooks, retention, measuring.
    case backup
    /// The page with the reports.
    case reports
}
