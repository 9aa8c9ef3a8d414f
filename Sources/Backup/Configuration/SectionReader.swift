import Yams

/// Reads a section of the configuration file, and notes every mistake with its line instead of stopping at the first.
///
/// What is not given, `nil`, reads as `nil`, and is no mistake.
package struct SectionReader {
    /// The file's path, for people.
    package let file: String
    private var problems: [SectionError.Problem] = []

    package init(file: String) {
        self.file = file
    }

    /// - Parameters:
    ///   - part: What the mistake is in.
    ///   - mistake: What is wrong and what to do, as the end of a sentence about the part.
    package mutating func note(_ part: SectionPart, _ mistake: String) {
        problems.append(SectionError.Problem(part: part.name, file: file, line: part.line, mistake: mistake))
    }

    /// - Throws: ``SectionError`` if there was any mistake.
    package func finish() throws(SectionError) {
        guard !problems.isEmpty else { return }
        throw SectionError(problems: problems.sorted { ($0.line ?? 0, $0.part) < ($1.line ?? 0, $1.part) })
    }

    /// The parts of a mapping whose keys are known. A key that is not is a mistake, and so is a missing one of `required`.
    ///
    /// - Returns: nil if it is no mapping, a mistake.
    package mutating func mapping(_ part: SectionPart, keys: [String], required: [String] = []) -> [String:
        SectionPart]?
    {
        let known = keys.joined(separator: ", ")
        guard let parts = mapping(part, expected: "write \(known) below it") else { return nil }
        for (key, part) in parts where !keys.contains(key) { note(part, "is not known: use \(known)") }
        for key in required where parts[key] == nil { note(part, "has no \(key)") }
        return parts.filter { keys.contains($0.key) }
    }

    /// The parts of a mapping of any keys.
    ///
    /// - Returns: nil if it is no mapping, a mistake.
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

    /// The elements of a list; nil where it is not given, or, with a mistake, where it is no list.
    package mutating func elements(_ part: SectionPart?) -> [SectionPart]? {
        guard let part else { return nil }
        guard let sequence = part.node.sequence else {
            note(part, "is not a list: begin each element with a dash")
            return nil
        }
        return sequence.enumerated().map { SectionPart(name: "\(part.name)[\($0)]", node: $1) }
    }

    /// A single value.
    ///
    /// - Parameters:
    ///   - part: Where the value stands.
    ///   - isShown: Whether a mistake repeats the value; false for what may have a secret in it.
    ///   - expected: What to write instead, such as `use true or false`.
    ///   - read: nil for what it cannot read.
    /// - Returns: nil where the value is not given, or, with a mistake, where it cannot be read.
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
