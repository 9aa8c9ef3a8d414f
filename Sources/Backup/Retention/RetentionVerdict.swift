import Kubernetes
import Provisioning

/// The verdict of a policy on one archive.
package enum RetentionVerdict: Sendable, Hashable {
    /// - Parameters:
    ///   - until: When retention expires; nil if it never does.
    case keep(until: Timestamp?, why: String)
    /// Kept because the policy cannot decide: an admin has to correct something.
    case undecidable(why: String)
    /// - Parameters:
    ///   - since: When it became due; nil if a purge has already begun.
    case purge(since: Timestamp?, why: String)

    /// Finds what keeps an archive regardless of the policy; nil if nothing does.
    ///
    /// - Parameters:
    ///   - record: The archive.
    ///   - protection: What in the cluster protects archives.
    ///   - export: The archive's export.
    init?(protecting record: ArchiveRecord, by protection: ArchiveProtection, on export: ExportPath) {
        if let hold = record.hold {
            self = .keep(until: nil, why: "held: \(hold.reason)")
        } else if record.state != .archived {
            return nil
        } else if let use = protection.use(of: record, on: export) {
            self = .keep(until: nil, why: use)
        } else if let why = protection.missingBackup(of: record) {
            self = .undecidable(why: why)
        } else {
            return nil
        }
    }

    /// Judges an archive by the policy alone.
    ///
    /// - Parameters:
    ///   - record: The archive.
    ///   - times: Its age, and its place among the archives of its claim.
    ///   - newer: How many archives of its claim are certainly newer.
    ///   - policy: The retention policy.
    ///   - now: The present.
    init(on record: ArchiveRecord, _ times: ArchiveTimes, newer: Int, policy: RetentionPolicy, now: Timestamp) {
        switch record.state {
        case .purging:
            self = .purge(since: nil, why: record.purge?.reason ?? "a purge was interrupted")
        case .intent, .renamed, .restoring, .restored, .purged, .lost:
            self = .keep(until: nil, why: "its state is \(record.state.rawValue), not archived")
        case .archived:
            do throws(UndecidableRetention) {
                self = try Self.verdict(on: record, times, newer: newer, policy: policy, now: now)
            } catch {
                self = .undecidable(why: error.reason)
            }
        }
    }

    /// When retention expires; may be in the past.
    package var keptUntil: Timestamp? {
        switch self {
        case .keep(let until, _): until
        case .undecidable: nil
        case .purge(let since, _): since
        }
    }

    /// Whether the archive is due for purging.
    var isPurge: Bool {
        if case .purge = self { true } else { false }
    }

    private static func verdict(
        on record: ArchiveRecord,
        _ times: ArchiveTimes,
        newer: Int,
        policy: RetentionPolicy,
        now: Timestamp
    ) throws(UndecidableRetention) -> RetentionVerdict {
        guard let ageStart = times.ageStart else {
            throw UndecidableRetention(reason: "its record does not say when it was archived")
        }
        guard let terms = try RetentionTerms(policy, for: record) else {
            return .keep(until: nil, why: "no rule applies")
        }
        guard terms.keepFor != nil || terms.keepLast != nil else {
            return .keep(until: nil, why: "forever (\(terms.source))")
        }
        if let contradiction = times.contradiction { throw UndecidableRetention(reason: contradiction) }
        if let count = terms.keepLast, count > 0, times.latest == nil {
            throw UndecidableRetention(
                reason: "it was restored from a copy, and its record does not say when its data was released"
            )
        }
        return verdict(terms, since: ageStart, newer: newer, now: now)
    }

    private static func verdict(
        _ terms: RetentionTerms,
        since ageStart: Timestamp,
        newer: Int,
        now: Timestamp
    ) -> RetentionVerdict {
        if let count = terms.keepLast, newer < count {
            return .keep(until: nil, why: "among the \(count) newest of its claim (\(terms.source))")
        }
        var (age, end) = (terms.minimumAge, terms.minimumAge.end(since: ageStart))
        if let keepFor = terms.keepFor, let floor = end {
            let wanted = keepFor.end(since: ageStart)
            if wanted.map({ $0 >= floor }) ?? true { (age, end) = (keepFor, wanted) }
        }
        guard let end else { return .keep(until: nil, why: "forever (\(terms.source))") }
        guard now >= end else { return .keep(until: end, why: "younger than \(age) (\(terms.source))") }
        let others = terms.keepLast.map { " and not among the \($0) newest of its claim" } ?? ""
        return .purge(since: end, why: "retention: older than \(age)\(others) (\(terms.source))")
    }
}

/// Why a policy cannot decide how long an archive is kept; the archive stays.
struct UndecidableRetention: Error, Sendable, Hashable {
    let reason: String
}
