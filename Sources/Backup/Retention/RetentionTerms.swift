import Provisioning

/// The terms of a policy for one archive: its rule's values, overridden by the honoured requests of its claim.
struct RetentionTerms: Sendable, Hashable {
    var keepFor: RetentionPeriod?
    var keepLast: Int?
    var minimumAge: RetentionPeriod
    /// The rule and the claim's requests, for messages.
    var source: String

    /// - Returns: nil if no rule matches.
    /// - Throws: ``UndecidableRetention`` if it is unknown which rule matches, or what the claim requested.
    init?(_ policy: RetentionPolicy, for record: ArchiveRecord) throws(UndecidableRetention) {
        guard let (rule, source) = try Self.rule(policy, for: record) else { return nil }
        (keepFor, keepLast, minimumAge) = (rule.keepFor, rule.keepLast, rule.minimumAge)
        self.source = source
        if record.claimUnseen == true, !policy.honouredRequests.isEmpty {
            throw UndecidableRetention(reason: ReclaimPlan.unseenDeletion)
        }
        for request in RetentionRequest.allCases where policy.honouredRequests.contains(request) {
            guard let text = record.notes?.annotations[request.rawValue] else { continue }
            try take(request, text)
            self.source += ", \(request.rawValue): \(text) of its claim"
        }
    }

    private mutating func take(_ request: RetentionRequest, _ text: String) throws(UndecidableRetention) {
        switch request {
        case .keepFor:
            keepFor = try Self.read(request, text, expected: RetentionPeriod.expected) { RetentionPeriod($0) }
        case .keepLast:
            keepLast = try Self.read(request, text, expected: RetentionRule.expectedCount, RetentionRule.count)
        }
    }

    private static func read<Value>(
        _ request: RetentionRequest,
        _ text: String,
        expected: String,
        _ read: (String) -> Value?
    ) throws(UndecidableRetention) -> Value {
        if let value = read(text) { return value }
        throw UndecidableRetention(
            reason:
                "its claim's annotation \(request.rawValue) is \(text.debugDescription), which cannot be read: \(expected)"
        )
    }

    private static func rule(
        _ policy: RetentionPolicy,
        for record: ArchiveRecord
    ) throws(UndecidableRetention) -> (RetentionRule, String)? {
        for rule in policy.rules {
            switch rule.matches(record) {
            case .yes: return (rule, "\(rule)")
            case .no: continue
            case .unknown: throw UndecidableRetention(reason: "its record does not show whether the \(rule) applies")
            }
        }
        return policy.standard.map { ($0, "default rule") }
    }
}
