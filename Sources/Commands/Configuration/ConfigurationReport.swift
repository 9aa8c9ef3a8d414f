import Backup
import Kubernetes
import Presentation
import Settings
import Yams

/// The configuration in effect, with the source of each value.
struct ConfigurationReport: Printable {
    static let formats: [OutputFormat] = [.yaml, .json]

    /// The configuration as JSON.
    struct Document: Encodable {
        struct Value: Encodable {
            let value: JSONValue
            let source: String
        }

        /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
        let version = 1
        let settings: [String: Value]
        let sections: [String: Value]
    }

    private struct Shown {
        let name: String
        let source: SettingSource
        /// nil if it is not set.
        let node: Node?
        let json: JSONValue

        /// The source for a YAML comment, which must stay on one line.
        var origin: String { "\(source)".printable }
    }

    private let settings: [Shown]
    private let sections: [Shown]
    private let redacted: Int

    /// - Parameters:
    ///   - configuration: The configuration in effect.
    ///   - values: The values that it was made from.
    init(_ configuration: ControllerConfiguration, _ values: SettingValues) {
        settings = Setting.allCases.map { setting in
            let value = configuration.effect(of: setting)
            return Shown(name: setting.fileKey, source: values.source(of: setting), node: value.yaml, json: value.json)
        }
        var redaction = Redaction()
        sections = Section.allCases.map { section in
            let given = values.file?.sections[section]?.content
            var node = given.map { Self.filled($0, configuration.defaults(of: section)) }
            if given == nil, section == .usage { node = Self.filled([:], configuration.defaults(of: section)) }
            if section == .hooks { node = node.map { redaction.redact($0) } }
            return Shown(
                name: section.rawValue,
                source: values.source(of: section),
                node: node,
                json: node.map(Self.json) ?? .null
            )
        }
        redacted = redaction.count
    }

    /// A configuration file with the same effect, unless values are redacted.
    var yaml: String {
        get throws {
            var text = ""
            if redacted > 0 {
                text += "# Values that may be secrets and are not shown: \(redacted). This is not the whole file.\n"
            }
            for setting in settings {
                guard let line = try setting.node.map({ try Self.yaml(setting.name, $0) }) else {
                    text += "# \(setting.name) is not set  # \(setting.origin)\n"
                    continue
                }
                text += "\(line.dropLast())  # \(setting.origin)\n"
            }
            for section in sections {
                guard let node = section.node else {
                    text += "# \(section.name) is not set  # \(section.origin)\n"
                    continue
                }
                text += "# \(section.origin)\n" + (try Self.yaml(section.name, node))
            }
            return text
        }
    }

    var document: Document {
        func values(_ shown: [Shown]) -> [String: Document.Value] {
            let pairs = shown.map { ($0.name, Document.Value(value: $0.json, source: "\($0.source)")) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        return Document(settings: values(settings), sections: values(sections))
    }

    private static func yaml(_ name: String, _ node: Node) throws -> String {
        try Yams.serialize(node: Node([(Node(name), node)]), width: -1, allowUnicode: true)
    }

    private static func json(_ node: Node) -> JSONValue {
        var reader = SectionReader(file: "")
        return reader.json(SectionPart(name: "", node: node))
    }

    /// Adds the defaults of missing keys to a section.
    private static func filled(_ node: Node, _ defaults: [(name: String, value: String)]) -> Node {
        guard var mapping = node.mapping else { return node }
        for (name, value) in defaults where mapping[Node(name)] == nil { mapping[Node(name)] = Node(value) }
        return .mapping(mapping)
    }
}

extension ControllerConfiguration {
    /// The effective values of a section's keys that have a default.
    fileprivate func defaults(of section: Section) -> [(name: String, value: String)] {
        switch section {
        case .usage:
            [
                ("enabled", "\(usage.isEnabled)"), ("interval", "\(usage.interval)"),
                ("volumesPerMinute", "\(usage.volumesPerMinute)"),
            ]
        case .retention:
            retention.map { retention in
                [
                    ("interval", "\(retention.interval)"), ("purgesPerRun", "\(retention.purgesPerRun)"),
                    ("dryRun", "\(retention.isDryRun)"),
                ]
            } ?? []
        case .reports:
            reports.map { [("listen", "\($0.listen)")] } ?? []
        case .hooks, .topology:
            []
        }
    }
}

extension EffectiveValue {
    fileprivate var json: JSONValue {
        switch self {
        case .unset: .null
        case .flag(let value): .bool(value)
        case .number(let value): Int64(exactly: value).map { .integer($0) } ?? .number(value)
        case .text(let value): .string(value)
        case .list(let values): .array(values.map { .string($0) })
        }
    }
}
