import Presentation
import Yams

/// Reads a section of the configuration file, and notes every mistake with its line instead of stopping at the first.
///
/// A missing part (`nil`) reads as `nil`, and is no mistake.
package struct SectionReader {
    /// The file's path, for display.
    package let file: String
    private var problems: [SectionError.Problem] = []

    package init(file: String) {
        self.file = file
    }

    /// - Parameters:
    ///   - part: The part that has the mistake.
    ///   - mistake: What is wrong and what to do, as the end of a sentence about the part.
    package mutating func note(_ part: SectionPart, _ mistake: String) {
        problems.append(SectionError.Problem(part: part.name, file: file, line: part.line, mistake: mistake))
    }

    /// - Throws: ``SectionError`` if there was any mistake.
    package func finish() throws(SectionError) {
        guard !problems.isEmpty else { return }
        throw SectionError(problems: problems.sorted { ($0.line ?? 0, $0.part) < ($1.line ?? 0, $1.part) })
    }

    /// Reads the parts of a mapping with known keys. An unknown key is a mistake, and so is a missing one of
    /// `required`.
    ///
    /// - Returns: `nil`, with a mistake, if it is not a mapping.
    package mutating func mapping(_ part: SectionPart, keys: [String], required: [String] = []) -> [String:
        SectionPart]?
    {
        let known = keys.joined(separator: ", ")
        guard let parts = mapping(part, expected: "write \(known) below it") else { return nil }
        for (key, part) in parts where !keys.contains(key) { note(part, "is not known: use \(known)") }
        for key in required where parts[key] == nil { note(part, "has no \(key)") }
        return parts.filter { keys.contains($0.key) }
    }

    /// Reads the parts of a mapping with any keys.
    ///
    /// - Returns: `nil`, with a mistake, if it is not a mapping.
    package mutating func mapping(_ part: SectionPart, expected: String) -> [String: SectionPart]? {
        guard let mapping = part.node.mapping else {
            note(part, "is not a mapping: \(expected)")
            return nil
        }
        var parts: [String: SectionPart] = [:]
        for (key, node) in mapping {
            if let name = key.scalar?.string {
                // 1 and "1" are two keys to YAML.
                if let earlier = parts[name] {
                    note(earlier, "is given more than once: keep one")
                }
                parts[name] = SectionPart(key: key, name: name, node: node, in: part)
            } else {
                note(SectionPart(name: part.name, node: key), "has a key that is not a single value: use a word")
            }
        }
        return parts
    }

    /// Reads the elements of a list; returns `nil` if it is missing or, with a mistake, if it is not a list.
    package mutating func elements(_ part: SectionPart?) -> [SectionPart]? {
        guard let part else { return nil }
        guard let sequence = part.node.sequence else {
            note(part, "is not a list: begin each element with a dash")
            return nil
        }
        return sequence.enumerated().map { SectionPart(name: "\(part.name)[\($0)]", node: $1) }
    }

    /// Reads a single value.
    ///
    /// - Parameters:
    ///   - part: The part that holds the value.
    ///   - isShown: Whether a mistake quotes the value; `false` for a value that may contain a secret.
    ///   - expected: What to write instead, such as `use true or false`.
    ///   - read: Returns `nil` for text that it cannot read.
    /// - Returns: `nil` if the value is missing or, with a mistake, if it cannot be read.
    package mutating func value<Value>(
        _ part: SectionPart?,
        isShown: Bool = true,
        expected: String,
        _ read: (String) -> Value?
    ) -> Value? {
        guard let part else { return nil }
        guard let text = part.node.scalar?.string else {
            note(part, "is not a single value: \(expected)")
            return nil
        }
        if let value = read(text) { return value }
        note(part, "\(isShown ? "is \(text.debugDescription)" : "cannot be used"): \(expected)")
        return nil
    }
}

extension SectionReader {
    /// Reads a text that is not empty.
    package mutating func text(_ part: SectionPart?) -> String? {
        value(part, expected: "use a non-empty string") { $0.isEmpty ? nil : $0 }
    }

    package mutating func flag(_ part: SectionPart?) -> Bool? {
        value(part, expected: "use true or false") { Bool(goWord: $0) }
    }

    package mutating func number(_ part: SectionPart?, in range: ClosedRange<Int>) -> Int? {
        value(part, expected: "use a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Reads a time span of at least one second.
    package mutating func age(_ part: SectionPart?, upTo longest: Age) -> Age? {
        value(part, expected: "use a duration from 1s to \(longest), such as 1h30m") { text in
            Age(text).flatMap { (1...longest.seconds).contains($0.seconds) ? $0 : nil }
        }
    }

    /// Reads one of a few words.
    package mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ part: SectionPart?, _ type: Word.Type)
        -> Word?
    {
        let words = type.allCases.map(\.rawValue).joined(separator: ", ")
        return value(part, expected: "use one of \(words)") { Word(rawValue: $0) }
    }

    /// Reads a list of names that restricts something; an empty one is a mistake.
    package mutating func names(_ part: SectionPart?) -> [String]? {
        guard let part, let elements = elements(part) else { return nil }
        if elements.isEmpty { note(part, "is empty: name some, or leave it out for all") }
        return elements.compactMap { text($0) }
    }

    /// Reads a list of texts, any of which may be empty.
    package mutating func texts(_ part: SectionPart?) -> [String]? {
        elements(part)?.compactMap { value($0, expected: "use a string") { $0 } }
    }
}

/// The error for a section of the configuration file that cannot be used: all of its mistakes.
package struct SectionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One mistake.
    package struct Problem: Hashable, Sendable, CustomStringConvertible {
        /// The path of the part, such as `retention.rules[0].keepFor`.
        package let part: String
        /// The configuration file.
        package let file: String
        /// The line in the file, from 1.
        package let line: Int?
        /// What is wrong and what to do, as the end of a sentence about the part.
        package let mistake: String

        package var description: String {
            "\(part) in \(file)\(line.map { ", line \($0)," } ?? "") \(mistake)"
        }
    }

    /// The mistakes, in the order of their lines.
    package let problems: [Problem]

    /// One line for each mistake.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A part of a section of the configuration file.
package struct SectionPart {
    /// The path of the part, such as `retention.rules[0]`.
    package let name: String
    package let node: Node
    /// The line where it begins, with its key if it has one; from 1.
    package let line: Int?

    /// Creates a part from a whole section, or from an element of a list.
    package init(name: String, node: Node) {
        (self.name, self.node, line) = (name, node, node.mark?.line)
    }

    /// Creates the part under a key of a mapping.
    package init(key: Node, name: String, node: Node, in mapping: SectionPart) {
        (self.name, self.node, line) = ("\(mapping.name).\(name)", node, key.mark?.line)
    }
}
