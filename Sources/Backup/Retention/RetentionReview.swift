import Kubernetes
import Provisioning

/// The verdicts of a policy on the archives of one share.
package struct RetentionReview: Sendable {
    /// An archive's record, and when the server wrote its file.
    private typealias Dated = (record: ArchiveRecord, writtenAt: Timestamp?)

    /// The verdicts by archive id, for archives with a record; empty while the clocks disagree.
    package let verdicts: [String: RetentionVerdict]
    /// The archives that are due for purging, oldest first; empty while there is an obstacle.
    package let expired: [ExpiredArchive]
    /// Why nothing on the share is purged.
    package let obstacle: String?

    /// Judges the archives of a share, unless its server's clock and ours disagree.
    ///
    /// - Parameters:
    ///   - catalogue: The whole catalogue of the share, not a part of it.
    ///   - policy: The retention policy.
    ///   - protection: What in the cluster protects archives.
    ///   - export: The share's export.
    ///   - isOurs: Whether the policy applies to an archive: several clusters may use one share.
    package init(
        of catalogue: DatedCatalogue,
        policy: RetentionPolicy,
        protection: ArchiveProtection,
        on export: ExportPath,
        isOurs: (ArchiveRecord) -> Bool
    ) {
        if let disagreement = catalogue.clock.disagreement {
            self.init(obstacle: Self.obstacle(disagreement))
        } else {
            self.init(
                of: catalogue.entries,
                policy: policy,
                now: catalogue.clock.now,
                protection: protection,
                on: export,
                isOurs: isOurs
            )
        }
    }

    private init(obstacle: String) {
        (verdicts, expired) = ([:], [])
        self.obstacle = obstacle
    }

    /// Judges the archives of a share by a time that is known to be right.
    ///
    /// - Parameters:
    ///   - entries: All entries of the share's catalogue, not a part of them.
    ///   - policy: The retention policy.
    ///   - now: The present.
    ///   - protection: What in the cluster protects archives.
    ///   - export: The share's export.
    ///   - isOurs: Whether the policy applies to an archive.
    package init(
        of entries: [CatalogueEntry],
        policy: RetentionPolicy,
        now: Timestamp,
        protection: ArchiveProtection = .none,
        on export: ExportPath,
        isOurs: (ArchiveRecord) -> Bool = { _ in true }
    ) {
        let archives = Self.archives(in: entries).map { archive in
            (record: archive.record, times: ArchiveTimes(archive.record, writtenAt: archive.writtenAt, now: now))
        }
        let order = ReleaseOrder(archives)
        var verdicts: [String: RetentionVerdict] = [:]
        var expired: [ExpiredArchive] = []
        for (record, times) in archives {
            guard isOurs(record) else {
                verdicts[record.id] = .keep(until: nil, why: "it belongs to another cluster")
                continue
            }
            let newer = order.newer(than: record.id)
            let verdict =
                RetentionVerdict(protecting: record, by: protection, on: export)
                ?? RetentionVerdict(on: record, times, newer: newer.count, policy: policy, now: now)
            verdicts[record.id] = verdict
            guard case .purge(_, let why) = verdict else { continue }
            let keepLast = (try? RetentionTerms(policy, for: record))?.keepLast ?? 0
            expired.append(
                ExpiredArchive(record: record, why: why, keepLast: keepLast, newer: newer, rank: times.latest)
            )
        }
        let reasons = entries.compactMap { entry in if case .unreadable(_, let why) = entry { why } else { nil } }
        self.verdicts = verdicts
        obstacle = expired.isEmpty ? nil : reasons.first.map { Self.obstacle($0, others: reasons.count - 1) }
        self.expired = obstacle == nil ? expired.sorted { $0.order < $1.order } : []
    }

    /// The archives whose retention the policy cannot decide, a sentence each.
    package var undecidable: [String] {
        verdicts.sorted { $0.key < $1.key }.compactMap { id, verdict in
            if case .undecidable(let why) = verdict { "archive \(id) is kept: \(why)" } else { nil }
        }
    }

    private static func obstacle(_ reason: String, others: Int = 0) -> String {
        "nothing on the share is purged: \(reason)" + (others > 0 ? "; \(others) more cannot be read" : "")
    }

    /// Returns each archive once: a listing of several pages may contain a record twice if it is rewritten meanwhile.
    /// The later file counts, and a purge reads the record again.
    private static func archives(in entries: [CatalogueEntry]) -> [Dated] {
        var places: [String: Int] = [:]
        var archives: [Dated] = []
        for case .archive(let record, let writtenAt) in entries {
            guard let place = places[record.id] else {
                places[record.id] = archives.count
                archives.append((record, writtenAt))
                continue
            }
            let known = archives[place].writtenAt
            if known.map({ earlier in writtenAt.map { $0 >= earlier } ?? false }) ?? true {
                archives[place] = (record, writtenAt)
            }
        }
        return archives
    }
}

extension ClockObservation {
    /// Why no age can be computed with these clocks; nil if they agree.
    var disagreement: String? {
        let seconds = Int64(abs(difference).rounded())
        guard seconds > ArchiveTimes.tolerance else { return nil }
        return "the NFS server's clock is \(seconds) s \(difference > 0 ? "ahead of" : "behind") this machine's;"
            + " set both clocks with NTP"
    }

    /// The present by this machine's clock.
    var now: Timestamp { Timestamp(seconds: Int64(after)) }
}

/// The archives of a share in the order in which their data was released, claim by claim.
struct ReleaseOrder {
    /// The claim whose archives count together.
    private struct Owner: Hashable {
        let cluster: String?
        let namespace: String
        let name: String
    }

    private var newer: [String: ArraySlice<String>] = [:]

    /// Orders the archives. One that is being made, or is leaving, takes no place from another.
    init(_ archives: [(record: ArchiveRecord, times: ArchiveTimes)]) {
        var claims: [Owner: [(id: String, times: ArchiveTimes)]] = [:]
        for (record, times) in archives where record.state == .archived {
            guard let claim = record.claim else { continue }
            let owner = Owner(cluster: record.cluster, namespace: claim.namespace, name: claim.name)
            claims[owner, default: []].append((record.id, times))
        }
        for archives in claims.values { add(archives) }
    }

    /// The archives of the same claim whose data was certainly released later, newest first.
    func newer(than archive: String) -> ArraySlice<String> { newer[archive] ?? [] }

    private mutating func add(_ archives: [(id: String, times: ArchiveTimes)]) {
        let ranked = archives.compactMap { archive in
            archive.times.certainRank.map { (rank: $0, id: archive.id) }
        }.sorted { ($0.rank, $0.id) > ($1.rank, $1.id) }
        let ids = ranked.map(\.id)
        for archive in archives {
            guard let latest = archive.times.latest else { continue }
            newer[archive.id] = ids.prefix(ranked.count(whileTrue: { $0.rank > latest }))
        }
    }
}

extension [(rank: ReleaseRank, id: String)] {
    /// The number of leading elements that satisfy a predicate, which no element after them may satisfy.
    fileprivate func count(whileTrue isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ArchiveTimes {
    /// The place that an archive certainly has; nil if it is newer than no other.
    var certainRank: ReleaseRank? { contradiction == nil ? earliest : nil }
}
