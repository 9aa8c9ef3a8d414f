import Presentation
import Provisioning

/// How long some archives are kept. An archive stays while any of the three keeps it; with neither ``keepFor`` nor
/// ``keepLast`` it stays forever.
package struct RetentionRule: Sendable, Hashable {
    enum Match {
        case yes, no
        /// The archive's record does not say what the rule asks for.
        case unknown
    }

    /// The claims' namespaces; nil for all.
    package var namespaces: [String]?
    /// The names of storage classes; nil for all.
    package var classes: [String]?
    /// How long an archive is kept, from the archiving.
    package var keepFor: RetentionPeriod?
    /// How many of a claim's newest archives on a share are kept.
    package var keepLast: Int?
    /// The age before which no archive is purged, whatever its claim requests.
    package var minimumAge: RetentionPeriod

    package init(
        namespaces: [String]? = nil,
        classes: [String]? = nil,
        keepFor: RetentionPeriod? = nil,
        keepLast: Int? = nil,
        minimumAge: RetentionPeriod = .age(Age(seconds: 0))
    ) {
        self.namespaces = namespaces
        self.classes = classes
        self.keepFor = keepFor
        self.keepLast = keepLast
        self.minimumAge = minimumAge
    }

    func matches(_ record: ArchiveRecord) -> Match {
        let answers = [(namespaces, record.claim?.namespace), (classes, record.storageClass)].map { wanted, value in
            guard let wanted else { return Match.yes }
            return value.map { wanted.contains($0) ? .yes : .no } ?? .unknown
        }
        if answers.contains(.no) { return .no }
        return answers.contains(.unknown) ? .unknown : .yes
    }
}

extension RetentionRule: CustomStringConvertible {
    /// `rule for namespace billing and class fast`; `rule for all` without either.
    package var description: String {
        let parts = [("namespace", namespaces), ("class", classes)].compactMap { kind, names in
            names.map { "\(kind) \($0.joined(separator: ", "))" }
        }
        return "rule for " + (parts.isEmpty ? "all" : parts.joined(separator: " and "))
    }
}
