import Foundation
import Yams

/// A YAML file of settings: a flat mapping whose lists are YAML lists or comma-separated, and sections that are parsed
/// elsewhere.
struct ConfigurationFile {
    /// The content of a key.
    struct Entry<Content> {
        let content: Content
        /// The key's line, from 1.
        let line: Int
    }

    let path: String
    let values: [Setting: Entry<String>]
    let sections: [Section: Entry<Node>]
    /// The mistakes in keys and their values.
    let problems: [ConfigurationError.Problem]

    /// - Throws: ``ConfigurationError`` if the file cannot be read, or is not a mapping.
    init(path: String) throws(ConfigurationError) {
        try self.init(path: path, text: try Self.text(of: path))
    }

    init(path: String, text: String) throws(ConfigurationError) {
        self.path = path
        var values: [Setting: Entry<String>] = [:]
        var sections: [Section: Entry<Node>] = [:]
        var problems: [ConfigurationError.Problem] = []
        for (key, node) in try Self.mapping(path, text) {
            let (name, line) = (key.string ?? "", key.mark?.line ?? 1)
            func note(_ mistake: String) {
                let what = name.isEmpty ? "a key" : name
                problems.append(.init(sentence: "\(what) in \(path), line \(line), \(mistake)", line: line))
            }
            if let section = Section(rawValue: name) {
                sections[section] = Entry(content: node, line: line)
            } else if let setting = Setting(rawValue: name) {
                guard let text = Self.text(of: node) else {
                    note("is neither a value nor a list of values")
                    continue
                }
                values[setting] = Entry(content: text, line: line)
            } else {
                note("is not a setting: config print lists them")
            }
        }
        (self.values, self.sections, self.problems) = (values, sections, problems)
    }

    /// Reads the file's text.
    ///
    /// - Throws: ``ConfigurationError`` if the file cannot be read.
    static func text(of path: String) throws(ConfigurationError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError("the configuration file \(path) cannot be read: give --config an existing file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError("the configuration file \(path) is not text in UTF-8")
        }
        return text
    }

    private static func mapping(_ path: String, _ text: String) throws(ConfigurationError) -> Node.Mapping {
        let node: Node?
        do {
            // Some editors begin a file with a byte order mark.
            node = try Yams.compose(yaml: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
        } catch {
            throw ConfigurationError("the configuration file \(path)\(mistake(error))")
        }
        // A file with only comments has no node; one with only `---` is a null.
        guard let node, node.null == nil else { return [:] }
        guard let mapping = node.mapping else {
            let line = node.mark.map { ", line \($0.line)," } ?? ""
            throw ConfigurationError("the configuration file \(path)\(line) is not a mapping of settings to values")
        }
        return mapping
    }

    /// The YAML parser's error, as the end of a sentence.
    private static func mistake(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            ", line \(mark.line), is not YAML: \(problem)"
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            ", line \(context.mark.line), has \(keys.joined(separator: ", ")) more than once in one mapping: keep one"
        case YamlError.reader(let problem, let offset, _, let yaml):
            ", line \(yaml.prefix(offset ?? 0).count(where: \.isNewline) + 1), is not YAML: \(problem)"
        default:
            " is not YAML: \("\(error)".split(separator: "\n").first ?? "it cannot be read")"
        }
    }

    private static func text(of node: Node) -> String? {
        if let scalar = node.scalar { return scalar.string }
        guard let sequence = node.sequence else { return nil }
        let elements = sequence.compactMap(\.scalar?.string)
        return elements.count == sequence.count ? elements.joined(separator: ",") : nil
    }
}

/// A part of the configuration file with its own structure; it has no flag and no environment variable.
enum Section: String, CaseIterable {
    case retention, hooks, usage, reports, topology
}
