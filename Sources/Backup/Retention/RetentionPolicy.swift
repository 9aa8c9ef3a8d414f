import Presentation
import Provisioning
import Settings
import Yams

/// Which archives are purged, and how fast: the section `retention` of the configuration file.
package struct RetentionPolicy: Sendable, Hashable {
    /// The time between two runs.
    package var interval = Age(seconds: 3600)
    /// How many archives one run purges at most.
    package var purgesPerRun = 100
    /// Whether runs only log what is due.
    package var isDryRun = false
    /// The requests of claims that are honoured.
    package var honouredRequests: Set<RetentionRequest> = []
    /// The rules, of which the first that matches an archive applies.
    package var rules: [RetentionRule] = []
    /// The rule for archives that none of ``rules`` matches; nil keeps them forever.
    package var standard: RetentionRule?

    package init() {}
}

extension RetentionPolicy {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: The value of `retention`.
    ///   - file: The file's path, for messages.
    /// - Throws: `SectionError` with every mistake.
    package init(_ node: Node, file: String) throws(SectionError) {
        var reader = SectionReader(file: file)
        let keys = ["interval", "purgesPerRun", "dryRun", "claimAnnotations", "default", "rules"]
        let parts = reader.mapping(SectionPart(name: "retention", node: node), keys: keys) ?? [:]
        interval = reader.age(parts["interval"], upTo: Age(seconds: 365 * 86_400)) ?? interval
        purgesPerRun = reader.number(parts["purgesPerRun"], in: 1...100_000) ?? purgesPerRun
        isDryRun = reader.flag(parts["dryRun"]) ?? isDryRun
        for element in reader.elements(parts["claimAnnotations"]) ?? [] {
            let request = reader.value(element, expected: "use keep-for or keep-last") {
                RetentionRequest(shortName: $0)
            }
            if let request { honouredRequests.insert(request) }
        }
        standard = parts["default"].map { RetentionRule($0, floor: nil, reader: &reader) }
        for element in reader.elements(parts["rules"]) ?? [] {
            rules.append(RetentionRule(element, floor: standard?.minimumAge, reader: &reader))
        }
        try reader.finish()
    }
}

extension RetentionRule {
    /// - Parameters:
    ///   - part: The rule's mapping.
    ///   - floor: The default's minimum age, for a rule without one; nil for the default itself.
    ///   - reader: Collects the mistakes.
    fileprivate init(_ part: SectionPart, floor: RetentionPeriod?, reader: inout SectionReader) {
        let values = ["keepFor", "keepLast", "minimumAge"]
        let isDefault = part.name == "retention.default"
        let parts = reader.mapping(part, keys: isDefault ? values : ["namespaces", "classes"] + values) ?? [:]
        self.init(
            namespaces: reader.names(parts["namespaces"]),
            classes: reader.names(parts["classes"]),
            keepFor: reader.value(parts["keepFor"], expected: RetentionPeriod.expected) { RetentionPeriod($0) },
            keepLast: reader.value(parts["keepLast"], expected: Self.expectedCount, Self.count)
        )
        let age = reader.value(parts["minimumAge"], expected: RetentionPeriod.expected) { RetentionPeriod($0) }
        if let age = age ?? floor { minimumAge = age }
    }

    static let expectedCount = "use a number of archives"

    static func count(_ text: String) -> Int? {
        Int(text).flatMap { $0 >= 0 ? $0 : nil }
    }
}
