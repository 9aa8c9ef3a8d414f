import Provisioning
import Yams

extension RetentionPolicy {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: What stands under `retention`.
    ///   - file: The file's path, for people.
    /// - Throws: ``SectionError`` with every mistake there is.
    package init(_ node: Node, file: String) throws(SectionError) {
        var reader = SectionReader(file: file)
        let parts = reader.mapping(
            SectionReader.Part(name: "retention", node: node),
            keys: ["interval", "purgesPerRun", "dryRun", "claimAnnotations", "default", "rules"]
        )
        if let age = reader.value(parts["interval"], expected: "use an age from 1s to 365d, such as 1h", Self.interval)
        {
            interval = age
        }
        if let count = reader.value(parts["purgesPerRun"], expected: "use a number from 1 to 100000", Self.purges) {
            purgesPerRun = count
        }
        isDryRun = reader.value(parts["dryRun"], expected: "use true or false") { Bool(goWord: $0) } ?? false
        for element in reader.elements(parts["claimAnnotations"]) ?? [] {
            let wish = reader.value(element, expected: "use keep-for or keep-last") { ClaimWish(shortName: $0) }
            if let wish { heededWishes.insert(wish) }
        }
        standard = parts["default"].map { RetentionRule($0, floor: nil, reader: &reader) }
        for element in reader.elements(parts["rules"]) ?? [] {
            rules.append(RetentionRule(element, floor: standard?.minimumAge, reader: &reader))
        }
        guard reader.problems.isEmpty else { throw SectionError(reader.problems) }
    }

    private static func interval(_ text: String) -> Age? {
        Age(text).flatMap { (1...365 * 86_400).contains($0.seconds) ? $0 : nil }
    }

    private static func purges(_ text: String) -> Int? {
        Int(text).flatMap { (1...100_000).contains($0) ? $0 : nil }
    }
}

extension RetentionRule {
    /// - Parameters:
    ///   - part: Its mapping.
    ///   - floor: The default's minimum age, for a rule without one; nil for the default itself.
    ///   - reader: Takes down the mistakes.
    fileprivate init(_ part: SectionReader.Part, floor: RetentionPeriod?, reader: inout SectionReader) {
        let values = ["keepFor", "keepLast", "minimumAge"]
        let isDefault = part.name == "retention.default"
        let parts = reader.mapping(part, keys: isDefault ? values : ["namespaces", "classes"] + values)
        self.init(
            namespaces: Self.names(parts["namespaces"], &reader),
            classes: Self.names(parts["classes"], &reader),
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

    private static func names(_ part: SectionReader.Part?, _ reader: inout SectionReader) -> [String]? {
        guard let part, let elements = reader.elements(part) else { return nil }
        if elements.isEmpty { reader.note(part, "is empty: name some, or leave it out for all") }
        return elements.compactMap { element in
            reader.value(element, expected: "use a name") { $0.isEmpty ? nil : $0 }
        }
    }
}
