import Yams

/// Reads a section of the configuration file, and notes every mistake in it with its line.
package struct SectionReader {
    /// A part of the section, and what it is called, such as `retention.rules[0]`.
    package struct Part {
        package let name: String
        package let node: Node
    }

    /// The file's path, for people.
    package let file: String
    /// What cannot be used so far, a sentence each.
    package private(set) var problems: [String] = []

    package init(file: String) {
        self.file = file
    }

    package mutating func note(_ part: Part, _ mistake: String) {
        problems.append("\(part.name) in \(file)\(Self.line(of: part.node)) \(mistake)")
    }

    /// The parts of a mapping by key; none if it is no mapping. A key that is not among `keys` is a mistake.
    package mutating func mapping(_ part: Part, keys: [String]) -> [String: Part] {
        guard let mapping = part.node.mapping else {
            note(part, "is not a mapping: write \(keys.joined(separator: ", ")) below it")
            return [:]
        }
        var parts: [String: Part] = [:]
        for (key, value) in mapping {
            let name = key.string ?? "something"
            guard keys.contains(name) else {
                note(Part(name: "\(part.name).\(name)", node: key), "is not known: use \(keys.joined(separator: ", "))")
                continue
            }
            parts[name] = Part(name: "\(part.name).\(name)", node: value)
        }
        return parts
    }

    /// A single value.
    ///
    /// - Parameters:
    ///   - part: Where the value stands; nil where it is not given, which is no mistake.
    ///   - expected: What to write instead, such as `use true or false`.
    ///   - read: nil for what it cannot read.
    /// - Returns: nil where the value is not given, or, with a mistake, where it cannot be read.
    package mutating func value<Value>(_ part: Part?, expected: String, _ read: (String) -> Value?) -> Value? {
        guard let part else { return nil }
        guard let text = part.node.scalar?.string else {
            note(part, "is not a single value: \(expected)")
            return nil
        }
        if let value = read(text) { return value }
        note(part, "is \"\(text)\": \(expected)")
        return nil
    }

    /// The elements of a list; nil where it is not given, or is no list.
    package mutating func elements(_ part: Part?) -> [Part]? {
        guard let part else { return nil }
        guard let sequence = part.node.sequence else {
            note(part, "is not a list")
            return nil
        }
        return sequence.enumerated().map { Part(name: "\(part.name)[\($0)]", node: $1) }
    }

    private static func line(of node: Node) -> String {
        node.mark.map { ", line \($0.line)," } ?? ""
    }
}
