import Foundation

/// The values given for settings, and where each was given: a flag goes before the environment, the environment before
/// the file.
struct SettingValues {
    struct Value {
        let text: String
        /// For people: `the flag --nfs-server`.
        let origin: String
    }

    /// The configuration file; nil: none was given.
    let file: ConfigurationFile?
    private let values: [Setting: Value]
    /// What could not be used so far, a sentence each.
    private(set) var problems: [String]

    /// - Parameters:
    ///   - flags: By setting.
    ///   - environment: The process' environment; an empty variable counts as none.
    ///   - file: The configuration file, or nil.
    init(flags: [Setting: String], environment: [String: String], file: ConfigurationFile?) {
        var values: [Setting: Value] = [:]
        for setting in Setting.allCases {
            if let text = flags[setting] {
                values[setting] = Value(text: text, origin: "the flag --\(setting.flagName)")
            } else if let text = environment[setting.environmentName], !text.isEmpty {
                values[setting] = Value(text: text, origin: "the environment variable \(setting.environmentName)")
            } else if let file, let text = file.values[setting] {
                values[setting] = Value(text: text, origin: "\(setting.fileKey) in \(file.path)")
            }
        }
        self.values = values
        self.file = file
        problems = file?.problems ?? []
    }

    subscript(setting: Setting) -> String? { values[setting]?.text }

    /// The elements of a comma-separated list.
    func list(_ setting: Setting) -> [String] {
        (self[setting] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// A value read by `read`; where that fails the default, and a problem noted.
    mutating func value<Result>(
        _ setting: Setting,
        default standard: Result,
        expected: String,
        _ read: (String) -> Result?
    ) -> Result {
        guard let value = values[setting] else { return standard }
        if let result = read(value.text) { return result }
        note("\(value.origin) is \"\(value.text)\": \(expected)")
        return standard
    }

    mutating func note(_ problem: String) {
        problems.append(problem)
    }
}
