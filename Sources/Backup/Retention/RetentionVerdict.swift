import Kubernetes
import Provisioning

/// What a policy comes to for one archive.
package enum RetentionVerdict: Sendable, Hashable {
    /// - Parameters:
    ///   - until: When time alone will have it purged; nil: never.
    case keep(until: Timestamp?, why: String)
    /// Kept because the policy cannot tell: somebody has to put something right.
    case doubt(why: String)
    /// - Parameters:
    ///   - since: When it began to be due; nil: it was being purged already.
    case purge(since: Timestamp?, why: String)

    /// - Parameters:
    ///   - record: The archive.
    ///   - newer: How many archives of its claim there are that are newer.
    ///   - policy: What rules.
    ///   - now: The present.
    init(on record: ArchiveRecord, newer: Int, policy: RetentionPolicy, now: Timestamp) {
        if let hold = record.hold {
            self = .keep(until: nil, why: "held: \(hold.reason)")
            return
        }
        switch record.state {
        case .purging:
            self = .purge(since: nil, why: record.purge?.reason ?? "a purge was interrupted")
        case .archived where record.lacksBackup:
            self = .doubt(why: "it needs a backup and has none")
        case .intent, .renamed, .restoring, .restored, .purged, .lost:
            self = .keep(until: nil, why: "it is not archived, but \(record.state.rawValue)")
        case .archived:
            self = Self.verdict(on: record, newer: newer, policy: policy, now: now)
        }
    }

    /// When time alone has it purged, also in the past.
    package var keptUntil: Timestamp? {
        switch self {
        case .keep(let until, _): until
        case .doubt: nil
        case .purge(let since, _): since
        }
    }

    /// Whether the archive is to go.
    var isPurge: Bool {
        if case .purge = self { true } else { false }
    }

    private static func verdict(
        on record: ArchiveRecord,
        newer: Int,
        policy: RetentionPolicy,
        now: Timestamp
    ) -> RetentionVerdict {
        do throws(RetentionDoubt) {
            guard let archivedAt = record.archivedAt else {
                return .doubt(why: "its record does not say when it was archived")
            }
            guard let terms = try RetentionTerms(policy, for: record) else {
                return .keep(until: nil, why: "no rule is for it")
            }
            return verdict(terms, archivedAt: archivedAt, newer: newer, now: now)
        } catch {
            return .doubt(why: error.reason)
        }
    }

    private static func verdict(
        _ terms: RetentionTerms,
        archivedAt: Timestamp,
        newer: Int,
        now: Timestamp
    ) -> RetentionVerdict {
        guard terms.keepFor != nil || terms.keepLast != nil else {
            return .keep(until: nil, why: "for ever (\(terms.source))")
        }
        if let count = terms.keepLast, newer < count {
            return .keep(until: nil, why: "among the \(count) newest of its claim (\(terms.source))")
        }
        var (age, end) = (terms.minimumAge, terms.minimumAge.end(since: archivedAt))
        if let keepFor = terms.keepFor, let floor = end {
            let wanted = keepFor.end(since: archivedAt)
            if wanted.map({ $0 >= floor }) ?? true { (age, end) = (keepFor, wanted) }
        }
        guard let end else { return .keep(until: nil, why: "for ever (\(terms.source))") }
        guard now >= end else { return .keep(until: end, why: "younger than \(age) (\(terms.source))") }
        let others = terms.keepLast.map { " and not among the \($0) newest of its claim" } ?? ""
        return .purge(since: end, why: "retention: older than \(age)\(others) (\(terms.source))")
    }
}
