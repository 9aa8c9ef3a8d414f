import Backup
import Kubernetes
import Presentation
import Provisioning

/// One line of `copy list` and `copy verify`.
struct CopyListing: Codable, Hashable {
    enum State: String, Codable {
        /// The file and its manifest are there.
        case complete
        /// It was read, and matches its manifest.
        case intact
        /// It is being made.
        case unfinished
        case broken
    }

    /// The whole list as JSON.
    struct Document: Codable {
        /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
        var version = 1
        var copies: [CopyListing]
    }

    /// The archive's id, or the volume's name if the copy is not of an archive.
    var id: String?
    var namespace: String?
    var claim: String?
    var state: State
    var copiedAt: Timestamp?
    /// The file's expected size.
    var bytes: Int64?
    /// The file's place.
    var file: String
    /// What is wrong with it, one sentence.
    var problem: String?

    init(_ copy: StoredCopy) {
        id = copy.id
        namespace = copy.event?.claim?.namespace
        claim = copy.event?.claim?.name
        copiedAt = copy.createdAt
        bytes = copy.bytes
        file = copy.place
        switch copy.state {
        case .complete: state = .complete
        case .unfinished: state = .unfinished
        case .broken(let reason): (state, problem) = (.broken, reason)
        }
    }

    /// Creates the line of a copy that was read.
    init(_ copy: StoredCopy, problem: String?) {
        self.init(copy)
        self.problem = problem
        if problem != nil { state = .broken } else if state == .complete { state = .intact }
    }

    static let header = ["ID", "NAMESPACE", "CLAIM", "STATE", "COPIED", "BYTES", "FILE"]

    var row: [String] {
        [
            id ?? "", namespace ?? "", claim ?? "", state.rawValue, copiedAt?.description ?? "",
            bytes?.description ?? "", file,
        ]
    }
}

extension CopyListing.Document: PrintableList {
    static let nothing = "No copies."

    var table: Table {
        Table(header: CopyListing.header, rows: copies.map(\.row), wide: ["BYTES"], whole: ["ID"])
    }
}
