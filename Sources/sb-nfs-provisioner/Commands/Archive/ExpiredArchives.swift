import ArgumentParser
import Backup
import Kubernetes
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
