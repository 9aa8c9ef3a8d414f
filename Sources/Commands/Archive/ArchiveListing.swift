import Backup
import Kubernetes
import Presentation
import Provisioning

/// One line of `archive list`.
struct ArchiveListing: Codable, Hashable {
    /// The whole list as JSON.
    struct Document: Codable {
        /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
        var version = 1
        var archives: [ArchiveListing]
    }

    var id: String
    var namespace: String?
    var claim: String?
    var storageClass: String?
    static let states = ArchiveRecord.State.allCases.map(\.rawValue) + ["unreadable", "foreign"]

    /// One of ``states``.
    var state: String
    var archivedAt: Timestamp?
    /// The size that the claim requested.
    var capacity: String?
    /// The reason for its hold; nil if it is not held.
    var hold: String?
    /// When retention expires; may be in the past. nil if it never does, or that is unknown.
    var keptUntil: Timestamp?
    var export: String
    /// The directory's name in the export's root.
    var directory: String?
    /// What is wrong with its record.
    var problem: String?

    init(_ entry: CatalogueEntry, on export: String) {
        self.export = export
        switch entry {
        case .archive(let record, _):
            id = record.id
            namespace = record.claim?.namespace
            claim = record.claim?.name
            storageClass = record.storageClass
            state = record.state.rawValue
            archivedAt = record.archivedAt
            capacity = record.capacity
            hold = record.hold?.reason
            directory = record.to
        case .unreadable(let name, let reason):
            id = name
            state = "unreadable"
            problem = reason
        case .foreign(let name):
            id = name
            state = "foreign"
            directory = name
        }
    }

    /// Lists the archives of one share, each with the verdict of the retention policy.
    static func all(
        _ catalogue: [CatalogueEntry],
        on share: ShareConnection,
        of shares: SharesInUse,
        _ protection: ArchiveProtection
    ) -> [ArchiveListing] {
        let review = shares.retention.map {
            RetentionReview(
                of: catalogue,
                policy: $0,
                now: .now,
                protection: protection,
                on: share.address.export,
                isOurs: { shares.cluster.isOurs($0.cluster) }
            )
        }
        return catalogue.map { entry in
            var listing = ArchiveListing(entry, on: share.address.description)
            listing.keptUntil = review?.verdicts[listing.id]?.keptUntil
            return listing
        }
    }

    static let header = [
        "ID", "NAMESPACE", "CLAIM", "CLASS", "STATE", "ARCHIVED", "CAPACITY", "HOLD", "KEPT UNTIL", "EXPORT",
        "DIRECTORY",
    ]

    var row: [String] {
        [
            id, namespace ?? "", claim ?? "", storageClass ?? "", state, archivedAt?.description ?? "", capacity ?? "",
            hold ?? "", keptUntil?.description ?? "", export, directory ?? "",
        ]
    }
}

extension ArchiveListing.Document: PrintableList {
    static let nothing = "No archives."

    var table: Table {
        Table(
            header: ArchiveListing.header,
            rows: archives.map(\.row),
            wide: ["CLASS", "CAPACITY", "EXPORT", "DIRECTORY"],
            whole: ["ID"]
        )
    }
}
