import ArgumentParser
import Backup
import Kubernetes
import Presentation
import Provisioning

/// What `archive purge --expired` shows, and does.
struct ExpiredArchives {
    private let shares: SharesInUse
    private let policy: RetentionPolicy

    /// - Throws: An exit code, when there is no policy; that is said on standard error.
    init(_ shares: SharesInUse) throws {
        guard let policy = shares.retention else {
            throw ExitCode.unusableSettings.saying(
                ConfigurationError("there is no retention policy: give --config a file with the section retention")
            )
        }
        self.shares = shares
        self.policy = policy
    }

    /// Prints what is due on all shares, and purges it if `now`. The policy's limit a run is not for a person.
    ///
    /// - Throws: ``ConfigurationError`` at the end, with everything that was in the way.
    func purge(now: Bool, comment: String?, output: OutputFormat) async throws {
        if case .notAsked = shares.cluster {
            let sentence = "purge archives: no cluster is asked, so its claims, volumes and classes protect none"
            _ = ExitCode.failure.saying(ConfigurationError(sentence))
        }
        var listings: [ExpiredArchiveListing] = []
        var problems: [String] = []
        for share in shares.shares {
            do {
                let review = RetentionReview(
                    of: try await share.datedCatalogue(),
                    policy: policy,
                    protection: try await protection(),
                    on: share.address.export,
                    isOurs: shares.cluster.isOurs
                )
                problems += (review.undecidable + [review.obstacle].compactMap { $0 }).map {
                    "\($0) (\(share.address))"
                }
                for archive in review.expired {
                    let listing = ExpiredArchiveListing(archive, on: share.address.description)
                    listings.append(now ? await purge(archive, listing, on: share, comment, &problems) : listing)
                }
            } catch {
                problems.append("\(error)")
            }
        }
        try print(ExpiredArchiveListing.render(listings, as: output), terminator: "")
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// - Returns: What became of it.
    private func purge(
        _ archive: ExpiredArchive,
        _ listing: ExpiredArchiveListing,
        on share: ShareConnection,
        _ comment: String?,
        _ problems: inout [String]
    ) async -> ExpiredArchiveListing {
        var listing = listing
        do {
            try await share.purge(archive, comment: comment, protection: protection)
            listing.state = .purged
        } catch let change as NoLongerExpired {
            (listing.state, listing.why) = (.kept, change.why)
        } catch {
            problems.append("\(error)")
            listing.state = .failed
        }
        return listing
    }

    private func protection() async throws -> ArchiveProtection {
        try await shares.cluster.archiveProtection(under: shares.settings)
    }
}

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
