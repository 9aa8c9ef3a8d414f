import Kubernetes
import Provisioning

/// An archive that is due for purging under a policy.
package struct ExpiredArchive: Sendable, Hashable {
    /// The record as it was when the archive was judged.
    package let record: ArchiveRecord
    /// The rule and the value under which it is due.
    package let why: String
    /// How many newer archives of its claim must still exist for it to be purged.
    var keepLast = 0
    /// The archives that were newer when it was judged, newest first.
    var newer: ArraySlice<String> = []
    /// The latest place that it can have among the archives of its claim; nil if unknown.
    var rank: ReleaseRank?

    /// The sort key that puts the oldest first.
    var order: (Timestamp, String) { (record.archivedAt ?? record.requestedAt, record.id) }

    /// Whether a record is still as it was judged, apart from the results of hooks that run before a purge.
    fileprivate func isUnchanged(_ record: ArchiveRecord) -> Bool {
        var judged = self.record
        judged.hooks = record.hooks
        return record == judged
    }

    /// Whether another archive of the same claim is newer, by its record as it is now.
    fileprivate func isOlder(than other: ArchiveRecord, writtenAt: Timestamp) -> Bool {
        guard let rank, other.claim?.namespace == record.claim?.namespace, other.claim?.name == record.claim?.name,
            let otherRank = ArchiveTimes(other, writtenAt: writtenAt, now: .now).certainRank
        else { return false }
        return otherRank > rank
    }
}

extension ShareConnection {
    /// Purges an archive, unless something has changed since it was judged: a hold, a restore, a claim that asks for it, a
    /// volume on it, a class that requires a backup, or newer archives that are gone.
    ///
    /// - Parameters:
    ///   - expired: What a ``RetentionReview`` of this share found.
    ///   - comment: An addition to the reason in the record and the audit log.
    ///   - protection: Reads from the cluster what protects archives.
    /// - Throws: ``NoLongerExpired``; what `purge` throws.
    package func purge(
        _ expired: ExpiredArchive,
        comment: String? = nil,
        protection: @escaping () async throws -> ArchiveProtection
    ) async throws {
        let reason = [expired.why, comment].compactMap { $0 }.joined(separator: "; ")
        try await purge(expired.record.id, reason: reason) { record in
            guard expired.isUnchanged(record) else { return false }
            // An archive whose purge has begun is no longer whole, so nothing can keep it.
            guard record.state == .archived else { return true }
            if let why = try await self.reasonToKeep(expired, as: record, try await protection()) {
                throw NoLongerExpired(archive: record.id, share: self.address, why: why)
            }
            return true
        }
    }

    private func reasonToKeep(
        _ expired: ExpiredArchive,
        as record: ArchiveRecord,
        _ protection: ArchiveProtection
    ) async throws -> String? {
        if let why = protection.use(of: record, on: address.export) { return why }
        if let why = protection.missingBackup(of: record) { return why }
        guard expired.keepLast > 0 else { return nil }
        var standing = 0
        for id in expired.newer where standing < expired.keepLast {
            guard let newer = try await standingArchive(id) else { continue }
            if expired.isOlder(than: newer.record, writtenAt: newer.writtenAt) { standing += 1 }
        }
        return standing < expired.keepLast ? "it is now among the \(expired.keepLast) newest of its claim" : nil
    }
}

/// The reason why an archive that was due for purging is kept after all. It is not a failure.
package struct NoLongerExpired: Error, CustomStringConvertible {
    let archive: String
    let share: ShareAddress
    package let why: String

    package var description: String { "archive \(archive) on \(share): kept: \(why)" }
}
