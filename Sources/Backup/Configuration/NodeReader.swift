import Yams

/// Reads YAML, and notes every mistake with its line instead of stopping at the first.
struct NodeReader {
    private(set) var problems: [HookConfigurationError.Problem] = []

    mutating func note(_ node: Node, _ sentence: String) {
        problems.append(HookConfigurationError.Problem(line: node.mark?.line ?? 0, sentence: sentence))
    }

    /// The fields of a mapping; those not in `keys` are mistakes.
    ///
    /// - Returns: `nil` if it is no mapping.
    mutating func fields(_ node: Node, _ what: String, keys: [String]) -> NodeFields? {
        guard let mapping = node.mapping else {
            note(node, "\(what) is no mapping: write keys and values")
            return nil
        }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            if keys.contains(name) {
                fields[name] = value
            } else {
                note(key, "\(what) has no key “\(name)”: use \(keys.joined(separator: ", "))")
            }
        }
        return NodeFields(node: node, what: what, fields: fields)
    }

    /// The elements of a list, none if it is no list.
    mutating func list(_ node: Node, _ what: String, of elements: String) -> [Node] {
        guard let sequence = node.sequence else {
            note(node, "\(what) is no list of \(elements)")
            return []
        }
        return Array(sequence)
    }

    /// A field that is text.
    mutating func text(_ fields: NodeFields, _ key: String) -> String? {
        guard let node = fields[key] else { return nil }
        if let text = node.scalar?.string, !text.isEmpty { return text }
        note(node, "\(key) of \(fields.what) is no text")
        return nil
    }

    /// A field that is a list of texts.
    mutating func texts(_ fields: NodeFields, _ key: String) -> [String] {
        guard let node = fields[key] else { return [] }
        return list(node, "\(key) of \(fields.what)", of: "texts").compactMap { element in
            if let text = element.scalar?.string { return text }
            note(element, "\(key) of \(fields.what) holds something that is no text")
            return nil
        }
    }

    /// A field whose text `read` understands; where it does not, `expected` says what to write.
    mutating func value<Value>(
        _ fields: NodeFields,
        _ key: String,
        expected: String,
        _ read: (String) -> Value?
    ) -> Value? {
        guard let node = fields[key] else { return nil }
        let text = node.scalar?.string
        if let value = text.flatMap(read) { return value }
        note(node, "\(key) of \(fields.what) is “\(text ?? "no single value")”: \(expected)")
        return nil
    }

    /// A field that is one of a few words.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ fields: NodeFields,
        _ key: String,
        _ type: Word.Type
    ) -> Word? {
        let words = type.allCases.map(\.rawValue).joined(separator: ", ")
        return value(fields, key, expected: "use one of \(words)") { Word(rawValue: $0) }
    }

    /// A field that is `true` or `false`.
    mutating func flag(_ fields: NodeFields, _ key: String) -> Bool? {
        value(fields, key, expected: "use true or false") { ["true": true, "false": false][$0] }
    }
}
