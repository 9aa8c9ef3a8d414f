import Kubernetes
import Logging
import Provisioning

import struct Foundation.Date

/// One run of retention: judges all archives, and purges those that are due.
struct RetentionRun {
    private struct Candidate {
        let share: ShareConnection
        let archive: ExpiredArchive

        var location: ArchiveLocation { ArchiveLocation(share: share.address, id: archive.record.id) }
    }

    private let policy: RetentionPolicy
    private let protection: @Sendable () async throws -> ArchiveProtection
    private let ourTime: @Sendable () -> Double
    private let failedBefore: Set<ArchiveLocation>
    private let metrics: RetentionMetrics
    private let logger: Logger
    /// The archives whose purge failed.
    private(set) var failed: Set<ArchiveLocation> = []
    /// How many were purged.
    private var purged = 0
    /// The number of archives that are due and still there, by share.
    private var left: [ShareAddress: Int] = [:]
    /// The shares on which nothing can be purged.
    private var blocked: Set<ShareAddress> = []

    /// - Parameters:
    ///   - policy: The retention policy.
    ///   - protection: Reads from the cluster what protects archives.
    ///   - ourTime: This machine's clock, in seconds since 1970.
    ///   - failedBefore: Archives that the previous run could not purge. They come last, so that they do not hold up
    ///     the others.
    ///   - metrics: Counts each purge, and what was left.
    ///   - logger: Logs each purge, and each problem.
    init(
        policy: RetentionPolicy,
        protection: @escaping @Sendable () async throws -> ArchiveProtection,
        ourTime: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
        failedBefore: Set<ArchiveLocation> = [],
        metrics: RetentionMetrics,
        logger: Logger
    ) {
        self.policy = policy
        self.protection = protection
        self.ourTime = ourTime
        self.failedBefore = failedBefore
        self.metrics = metrics
        self.logger = logger
    }

    /// Performs the run; it ends early when the task is cancelled.
    mutating func perform(on shares: [ShareConnection]) async {
        var candidates: [Candidate] = []
        for share in shares { candidates += await review(share) }
        let (again, first) = (candidates.filter(isAgain), candidates.filter { !isAgain($0) })
        candidates = [first, again].flatMap { $0.sorted { $0.archive.order < $1.archive.order } }
        let chosen = candidates.prefix(policy.purgesPerRun)
        for candidate in chosen where !Task.isCancelled {
            if policy.isDryRun { report("archive would be purged", candidate) } else { await purge(candidate) }
        }
        if !Task.isCancelled { metrics.ended(left: left, blocked: blocked, now: Timestamp.now.seconds) }
        guard !candidates.isEmpty, !policy.isDryRun, !Task.isCancelled else { return }
        logger.info(
            "retention run finished",
            metadata: [
                "purged": "\(purged)", "failed": "\(failed.count)",
                "left": "\(candidates.count - chosen.count)",
            ]
        )
    }

    private func isAgain(_ candidate: Candidate) -> Bool { failedBefore.contains(candidate.location) }

    private mutating func review(_ share: ShareConnection) async -> [Candidate] {
        do {
            guard try await share.hasBeenUsed() else { return [] }
            metrics.expect(share.address)
            let cluster = share.cluster
            let review = RetentionReview(
                of: try await share.datedCatalogue(ourTime: ourTime),
                policy: policy,
                protection: try await protection(),
                on: share.address.export
            ) { record in record.isOf(cluster) }
            if let obstacle = review.obstacle {
                blocked.insert(share.address)
                warn("archives are not purged", share, obstacle)
            }
            if let first = review.undecidable.first {
                let count = review.undecidable.count
                warn("archives kept: retention is undecidable", share, first, ["archives": "\(count)"])
            }
            left[share.address] = review.verdicts.values.count(where: \.isPurge)
            return review.expired.map { Candidate(share: share, archive: $0) }
        } catch {
            left[share.address] = 0
            blocked.insert(share.address)
            if !Task.isCancelled { warn("archives could not be read", share, "\(error)") }
            return []
        }
    }

    private mutating func purge(_ candidate: Candidate) async {
        do {
            try await candidate.share.purge(candidate.archive, protection: protection)
            left[candidate.share.address, default: 1] -= 1
            purged += 1
            metrics.purged(on: candidate.share.address)
            report("archive purged", candidate)
        } catch let change as NoLongerExpired {
            left[candidate.share.address, default: 1] -= 1
            report("archive kept", candidate, because: change.why)
        } catch {
            failed.insert(candidate.location)
            guard !Task.isCancelled else { return }
            metrics.failed(on: candidate.share.address)
            warn("archive not purged", candidate.share, "\(error)", ["archive": "\(candidate.archive.record.id)"])
        }
    }

    private func report(_ message: Logger.Message, _ candidate: Candidate, because reason: String? = nil) {
        let record = candidate.archive.record
        var metadata: Logger.Metadata = [
            "archive": "\(record.id)", "export": "\(candidate.share.address)",
            "reason": "\(reason ?? candidate.archive.why)",
        ]
        if let claim = record.claim { metadata["claim"] = "\(claim.namespace)/\(claim.name)" }
        logger.info(message, metadata: metadata)
    }

    private func warn(
        _ message: Logger.Message,
        _ share: ShareConnection,
        _ error: String,
        _ more: Logger.Metadata = [:]
    ) {
        logger.warning(
            message,
            metadata: more.merging(["export": "\(share.address)", "error": "\(error)"]) { $1 }
        )
    }
}

/// Identifies an archive among those of all shares.
struct ArchiveLocation: Sendable, Hashable {
    let share: ShareAddress
    let id: String
}
