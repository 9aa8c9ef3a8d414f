import Yams

/// Removes what may be a secret from a section before the section is shown. Secrets belong in files that the section
/// names; this covers those that an admin wrote into it anyway.
struct Redaction {
    static let replacement = "(not shown)"

    /// How many values are hidden, in whole or in part.
    private(set) var count = 0

    mutating func redact(_ node: Node) -> Node {
        if let mapping = node.mapping { return redact(mapping) }
        if let sequence = node.sequence { return redact(sequence) }
        guard let text = node.scalar?.string else { return node }
        return replace(node, with: Self.withoutSecrets(text))
    }

    private mutating func redact(_ mapping: Node.Mapping) -> Node {
        // A container's variable: {name: PASSWORD, value: …}.
        let isSecret = mapping.first { $0.key.string == "name" }?.value.string.map(Self.namesSecret) ?? false
        let pairs = mapping.map { key, value -> (Node, Node) in
            if key.string == "value", isSecret, value.scalar != nil {
                return (key, replace(value, with: Self.replacement))
            }
            if let name = key.string, Self.namesSecret(name), value.scalar != nil, value.bool == nil {
                return (key, replace(value, with: Self.replacement))
            }
            if key.string == "url", let url = value.string { return (key, replace(value, with: Self.origin(of: url))) }
            return (key, redact(value))
        }
        return .mapping(Node.Mapping(pairs, mapping.tag, mapping.style))
    }

    /// Redacts a list. After `--password` the next element is a secret.
    private mutating func redact(_ sequence: Node.Sequence) -> Node {
        var isNextSecret = false
        let nodes = sequence.map { node -> Node in
            let isSecret = isNextSecret && node.string?.hasPrefix("-") == false
            isNextSecret = node.string.map { $0.hasPrefix("-") && !$0.contains("=") && Self.namesSecret($0) } ?? false
            return isSecret ? replace(node, with: Self.replacement) : redact(node)
        }
        return .sequence(Node.Sequence(nodes, sequence.tag, sequence.style))
    }

    private mutating func replace(_ node: Node, with text: String) -> Node {
        guard text != node.string else { return node }
        count += 1
        return Node(text)
    }

    /// Hides a URL's path and query, which are often a web hook's only password.
    private static func origin(of url: String) -> String {
        guard let match = url.wholeMatch(of: /([a-zA-Z]+:\/\/[^\/?#]+)(.*)/) else { return replacement }
        return ["", "/"].contains(match.2) ? url : "\(match.1)/\(replacement)"
    }

    /// `--token=…`, `--token …`, `PASSWORD="…"`, `X-Token: …`, `https://user:…@host`, `Bearer …`.
    private static func withoutSecrets(_ text: String) -> String {
        text.replacing(/(?i)\b(bearer|basic) [A-Za-z0-9+\/=._~-]{8,}/) { "\($0.1) \(replacement)" }
            .replacing(assigned) { withoutSecret(name: $0.1, separator: $0.2, value: $0.3) }
            .replacing(flagged) { withoutSecret(name: $0.1, separator: $0.2, value: $0.3) }
            .replacing(/(:\/\/)[^\/@\s]+@/) { "\($0.1)\(replacement)@" }
    }

    private static func withoutSecret(name: Substring, separator: Substring, value: Substring) -> String {
        let isReference = value.trimming { "\"'".contains($0) }.hasPrefix("$") || value.contains(replacement)
        return "\(name)\(separator)\(namesSecret(String(name)) && !isReference ? Substring(replacement) : value)"
    }

    private typealias Assignment = (Substring, Substring, Substring, Substring)

    private static var assigned: Regex<Assignment> {
        /(?i)([a-z0-9_.-]*(?:pass|pwd|secret|token|api.?key|access.?key|private.?key|credential)[a-z0-9_.-]*)(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s&"',}]+)/
    }

    private static var flagged: Regex<Assignment> {
        /(?i)(--?[a-z0-9_.-]*(?:pass|pwd|secret|token|api.?key|access.?key|private.?key|credential)[a-z0-9_.-]*)(\s+)("[^"]*"|'[^']*'|[^\s"'-][^\s"']*)/
    }

    private static func namesSecret(_ name: String) -> Bool {
        let name = name.lowercased().filter { !"_-.".contains($0) }
        let words = ["pass", "pwd", "secret", "token", "apikey", "accesskey", "privatekey", "credential"]
        return words.contains { name.contains($0) } && !["file", "path", "name"].contains { name.hasSuffix($0) }
    }
}

extension StringProtocol {
    fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> SubSequence {
        let rest = drop(while: isTrimmed)
        return rest[..<(rest.lastIndex { !isTrimmed($0) }.map(rest.index(after:)) ?? rest.startIndex)]
    }
}
