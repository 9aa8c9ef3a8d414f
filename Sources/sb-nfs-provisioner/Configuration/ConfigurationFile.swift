import Foundation
import Yams

/// A YAML file of settings: a flat mapping, its lists written as YAML lists or comma-separated, and besides it sections
/// that are read elsewhere.
struct ConfigurationFile {
    let path: String
    let values: [Setting: String]
    let sections: [Section: Node]
    /// Keys that cannot be used, a sentence each.
    let problems: [String]

    /// - Throws: ``ConfigurationError`` when the file cannot be read, or is no mapping.
    init(path: String) throws(ConfigurationError) {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw ConfigurationError("the configuration file \(path) cannot be read: give --config an existing file")
        }
        try self.init(path: path, text: text)
    }

    init(path: String, text: String) throws(ConfigurationError) {
        self.path = path
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError("the configuration file \(path) is not YAML: \(Self.firstLine(of: error))")
        }
        guard let node else {
            (values, sections, problems) = ([:], [:], [])
            return
        }
        guard let mapping = node.mapping else {
            throw ConfigurationError("the configuration file \(path) is not a mapping of settings to values")
        }
        var values: [Setting: String] = [:]
        var sections: [Section: Node] = [:]
        var problems: [String] = []
        for (key, value) in mapping {
            if let section = Section(rawValue: key.string ?? "") {
                sections[section] = value
                continue
            }
            guard let setting = Setting(rawValue: key.string ?? "") else {
                problems.append(
                    "the configuration file \(path) sets \(key.string ?? "something"), which is not a setting"
                )
                continue
            }
            guard let text = Self.text(of: value) else {
                problems.append("\(setting.fileKey) in \(path) is neither a value nor a list of values")
                continue
            }
            values[setting] = text
        }
        (self.values, self.sections, self.problems) = (values, sections, problems)
    }

    private static func text(of node: Node) -> String? {
        if let scalar = node.scalar { return scalar.string }
        guard let sequence = node.sequence else { return nil }
        let elements = sequence.compactMap(\.scalar?.string)
        return elements.count == sequence.count ? elements.joined(separator: ",") : nil
    }

    private static func firstLine(of error: any Error) -> String {
        "\(error)".split(separator: "\n").first.map(String.init) ?? "\(error)"
    }
}
