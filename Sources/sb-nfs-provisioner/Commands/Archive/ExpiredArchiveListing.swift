import Backup
import Kubernetes
import Provisioning
import Reports

/// One line of `archive purge --expired`.
struct ExpiredArchiveListing: Codable, Hashable {
    enum State: String, Codable {
        case expired, purged
        /// It was due, and something changed before its turn: `why` says what.
        case kept
        /// It was tried, and standard error says why it could not be done.
        case failed
    }

    /// The whole list as JSON.
    struct Document: Codable {
        /// Grows when a field changes its meaning or goes; new fields may come at any time.
        var version = 1
        var archives: [ExpiredArchiveListing]
    }

    var id: String
    var namespace: String?
    var claim: String?
    var state = State.expired
    var archivedAt: Timestamp?
    var export: String
    /// By which rule and value it expires, or why it is kept after all.
    var why: String

    init(_ archive: ExpiredArchive, on export: String) {
        id = archive.record.id
        namespace = archive.record.claim?.namespace
        claim = archive.record.claim?.name
        archivedAt = archive.record.archivedAt
        self.export = export
        why = archive.why
    }

    static let header = ["ID", "NAMESPACE", "CLAIM", "STATE", "ARCHIVED", "EXPORT", "WHY"]

    var row: [String] {
        [id, namespace ?? "", claim ?? "", state.rawValue, archivedAt?.description ?? "", export, why]
    }

    static func render(_ archives: [ExpiredArchiveListing], as output: OutputFormat) throws -> String {
        switch output {
        case .json: try String(json: Document(archives: archives)) + "\n"
        case .table: Table(header: header, rows: archives.map(\.row)).aligned
        case .csv: Table(header: header, rows: archives.map(\.row)).csv
        }
    }
}
