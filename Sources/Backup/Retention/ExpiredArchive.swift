import Kubernetes
import Provisioning

/// An archive that a policy has purged.
package struct ExpiredArchive: Sendable, Hashable {
    /// As it was when it was judged.
    package let record: ArchiveRecord
    /// Which rule, and by which value.
    package let why: String

    /// Oldest first.
    var order: (Timestamp, String) { (record.archivedAt ?? record.requestedAt, record.id) }
}

extension ShareConnection {
    /// Purges an archive, unless its record has changed since it was judged: a hold or a restore that came meanwhile
    /// counts.
    ///
    /// - Parameters:
    ///   - expired: What a ``RetentionReview`` of this share found.
    ///   - comment: What else the record and the audit log shall say.
    /// - Throws: What ``ShareConnection/purge(_:reason:onlyIf:)`` throws.
    package func purge(_ expired: ExpiredArchive, comment: String? = nil) async throws {
        let reason = [expired.why, comment].compactMap { $0 }.joined(separator: "; ")
        try await purge(expired.record.id, reason: reason) { record in
            var judged = expired.record
            judged.hooks = record.hooks
            return record == judged
        }
    }
}
