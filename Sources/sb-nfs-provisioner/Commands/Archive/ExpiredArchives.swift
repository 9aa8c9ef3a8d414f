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
        var listings: [ExpiredArchiveListing] = []
        var problems: [String] = []
        for share in shares.shares {
            do {
                let review = RetentionReview(
                    of: try await share.catalogue(),
                    policy: policy,
                    now: .now,
                    isOurs: shares.cluster.isOurs
                )
                problems += review.doubts.map { "\($0) (\(share.address))" }
                if let obstacle = review.obstacle { problems.append(obstacle) }
                for archive in review.expired {
                    var listing = ExpiredArchiveListing(archive, on: share.address.description)
                    if now { listing.state = await purge(archive, on: share, comment, &problems) }
                    listings.append(listing)
                }
            } catch {
                problems.append("\(error)")
            }
        }
        try print(ExpiredArchiveListing.render(listings, as: output), terminator: "")
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    private func purge(
        _ archive: ExpiredArchive,
        on share: ShareConnection,
        _ comment: String?,
        _ problems: inout [String]
    ) async -> ExpiredArchiveListing.State {
        do {
            try await share.purge(archive, comment: comment)
            return .purged
        } catch {
            problems.append("\(error)")
            return .failed
        }
    }
}
