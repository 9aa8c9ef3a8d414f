import ArgumentParser
import Backup
import Kubernetes
import Presentation
import Provisioning

/// The work of `archive purge --expired`.
struct ExpiredArchives {
    private let shares: SharesInUse
    private let policy: RetentionPolicy

    /// - Throws: An exit code if there is no policy, after a sentence on standard error.
    init(_ shares: SharesInUse) throws {
        guard let policy = shares.retention else {
            throw ExitCode.unusableSettings.saying(
                ConfigurationError("there is no retention policy: give --config a file with the section retention")
            )
        }
        self.shares = shares
        self.policy = policy
    }

    /// Shows the expired archives of all shares, asks, and purges them. The policy's limit for a run does not apply
    /// here.
    ///
    /// - Throws: An exit code if the answer is no; ``ConfigurationError`` at the end, with everything that prevented a
    ///   purge.
    func purge(
        _ confirmation: ConfirmationPrompt,
        comment: String?,
        output: OutputOptions<ExpiredArchiveListing.Document>
    ) async throws {
        if case .notAsked = shares.cluster {
            let sentence = "purge archives: no cluster was asked, so claims, volumes and classes protect none"
            _ = ExitCode.failure.saying(ConfigurationError(sentence))
        }
        var (due, problems) = await expired()
        var listings = due.map { ExpiredArchiveListing($0.archive, on: $0.share.address.description) }
        if !confirmation.isDryRun, !due.isEmpty {
            let table = ExpiredArchiveListing.Document(archives: listings).text(confirmation.error.tableStyle)
            try confirmation.ask("\(table)delete for good: \(due.count) \(due.count == 1 ? "archive" : "archives")")
            for (index, next) in due.enumerated() {
                listings[index] = await purge(next.archive, listings[index], on: next.share, comment, &problems)
            }
        }
        try output.print(ExpiredArchiveListing.Document(archives: listings))
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// - Returns: The archives that have expired, each with its share, and what could not be read or decided.
    private func expired() async -> (due: [(archive: ExpiredArchive, share: ShareConnection)], problems: [String]) {
        var due: [(archive: ExpiredArchive, share: ShareConnection)] = []
        var problems: [String] = []
        for share in shares.shares {
            do {
                let review = RetentionReview(
                    of: try await share.datedCatalogue(),
                    policy: policy,
                    protection: try await protection(),
                    on: share.address.export,
                    isOurs: { shares.cluster.isOurs($0.cluster) }
                )
                problems += (review.undecidable + [review.obstacle].compactMap { $0 }).map {
                    "\($0) (\(share.address))"
                }
                due += review.expired.map { ($0, share) }
            } catch {
                problems.append("\(error)")
            }
        }
        return (due, problems)
    }

    /// - Returns: The listing with the outcome.
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
        try await shares.archiveProtection()
    }
}

/// One line of `archive purge --expired`.
struct ExpiredArchiveListing: Codable, Hashable {
    enum State: String, Codable {
        case expired, purged
        /// It was due, but something changed before its turn: `why` says what.
        case kept
        /// The purge failed; standard error says why.
        case failed
    }

    /// The whole list as JSON.
    struct Document: Codable {
        /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
        var version = 1
        var archives: [ExpiredArchiveListing]
    }

    var id: String
    var namespace: String?
    var claim: String?
    var state = State.expired
    var archivedAt: Timestamp?
    var export: String
    /// The rule and the value under which it has expired, or why it is kept after all.
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
}

extension ExpiredArchiveListing.Document: PrintableList {
    static let nothing = "No archive has expired."

    var table: Table {
        Table(
            header: ExpiredArchiveListing.header,
            rows: archives.map(\.row),
            wide: ["ARCHIVED", "EXPORT"],
            whole: ["ID"]
        )
    }
}
