import Provisioning

extension SectionReader {
    /// A text that is not empty.
    package mutating func text(_ part: SectionPart?) -> String? {
        value(part, expected: "use a text that is not empty") { $0.isEmpty ? nil : $0 }
    }

    package mutating func flag(_ part: SectionPart?) -> Bool? {
        value(part, expected: "use true or false") { Bool(goWord: $0) }
    }

    package mutating func number(_ part: SectionPart?, in range: ClosedRange<Int>) -> Int? {
        value(part, expected: "use a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A time of a second at least.
    package mutating func age(_ part: SectionPart?, upTo longest: Age) -> Age? {
        value(part, expected: "use a time from 1s to \(longest), such as 1h30m") { text in
            Age(text).flatMap { (1...longest.seconds).contains($0.seconds) ? $0 : nil }
        }
    }

    /// One of a few words.
    package mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ part: SectionPart?, _ type: Word.Type)
        -> Word?
    {
        let words = type.allCases.map(\.rawValue).joined(separator: ", ")
        return value(part, expected: "use one of \(words)") { Word(rawValue: $0) }
    }

    /// A list of names that narrows something down; an empty one is a mistake.
    package mutating func names(_ part: SectionPart?) -> [String]? {
        guard let part, let elements = elements(part) else { return nil }
        if elements.isEmpty { note(part, "is empty: name some, or leave it out for all") }
        return elements.compactMap { text($0) }
    }

    /// A list of texts, of which any may be empty.
    package mutating func texts(_ part: SectionPart?) -> [String]? {
        elements(part)?.compactMap { value($0, expected: "use a text") { $0 } }
    }
}
