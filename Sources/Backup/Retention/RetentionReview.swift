import Kubernetes
import Provisioning

/// The archives of one share under a policy.
package struct RetentionReview: Sendable {
    /// Whose archives keep each other, and whose do not.
    private struct Owner: Hashable {
        let cluster: String?
        let namespace: String
        let name: String
    }

    /// By archive, of those with a record.
    package let verdicts: [String: RetentionVerdict]
    /// What is to go, oldest first; nothing while a record of the share cannot be read.
    package let expired: [ExpiredArchive]
    /// Why nothing of the share is purged, although something is due.
    package let obstacle: String?

    /// - Parameters:
    ///   - catalogue: All that the share has, not a part of it.
    ///   - policy: What rules.
    ///   - now: The present.
    ///   - isOurs: Whether the policy is for an archive at all: clusters may share a share.
    package init(
        of catalogue: [CatalogueEntry],
        policy: RetentionPolicy,
        now: Timestamp,
        isOurs: (ArchiveRecord) -> Bool = { _ in true }
    ) {
        let records = catalogue.compactMap { entry in if case .archive(let record) = entry { record } else { nil } }
        let newer = Self.newer(than: records)
        var verdicts: [String: RetentionVerdict] = [:]
        var expired: [ExpiredArchive] = []
        for record in records {
            guard isOurs(record) else {
                verdicts[record.id] = .keep(until: nil, why: "it is another cluster's")
                continue
            }
            let verdict = RetentionVerdict(on: record, newer: newer[record.id] ?? 0, policy: policy, now: now)
            verdicts[record.id] = verdict
            if case .purge(_, let why) = verdict { expired.append(ExpiredArchive(record: record, why: why)) }
        }
        let reasons = catalogue.compactMap { entry in if case .unreadable(_, let why) = entry { why } else { nil } }
        self.verdicts = verdicts
        obstacle = expired.isEmpty ? nil : reasons.first.map { Self.obstacle($0, others: reasons.count - 1) }
        self.expired = obstacle == nil ? expired.sorted { $0.order < $1.order } : []
    }

    /// What the policy cannot tell, a sentence an archive.
    package var doubts: [String] {
        verdicts.sorted { $0.key < $1.key }.compactMap { id, verdict in
            if case .doubt(let why) = verdict { "the archive \(id) is kept: \(why)" } else { nil }
        }
    }

    private static func obstacle(_ reason: String, others: Int) -> String {
        "nothing of the share is purged: \(reason)" + (others > 0 ? "; \(others) more are like it" : "")
    }

    /// How many archives of the same claim are newer, by archive. One that is being made or leaves keeps no other out.
    private static func newer(than records: [ArchiveRecord]) -> [String: Int] {
        var archives: [Owner: [(archivedAt: Timestamp, id: String)]] = [:]
        for record in records where record.state == .archived {
            guard let archivedAt = record.archivedAt, let claim = record.claim else { continue }
            let owner = Owner(cluster: record.cluster, namespace: claim.namespace, name: claim.name)
            archives[owner, default: []].append((archivedAt, record.id))
        }
        var newer: [String: Int] = [:]
        for archives in archives.values {
            for (count, archive) in archives.sorted(by: >).enumerated() { newer[archive.id] = count }
        }
        return newer
    }
}
